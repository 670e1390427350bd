/** Pure: which lines of a mail to the control address are meant as commands. */
import { isAnswer } from './threading.js';

/** A mail asks for a few things; more is a mistake, such as a whole letter sent here. */
export const MAX_LINES = 20;
/** Longer than any command with its arguments. */
const MAX_LINE_CHARACTERS = 1000;

/** Below these the mail that is answered, or a signature, begins. */
const END = /^(-- ?$|-{3,}|_{5,}|(From|Von|De|Da|Van|От): )/;

/**
 * The subject first, then the body line by line. The subject of an answer was a command before, and is none again; one that is
 * no command counts only where there is nothing else.
 */
export function orderLines({ subject, text }: { subject: string; text: string }, understands: (line: string) => boolean): string[] {
  const lines = bodyLines(text);
  const title = subject.trim();
  if (title === '' || isAnswer(title) || (lines.length > 0 && !understands(title))) return lines;
  return lines[0] === title ? lines : [title, ...lines].slice(0, MAX_LINES);
}

function bodyLines(text: string): string[] {
  const lines: string[] = [];
  for (const line of text.split('\n').map((raw) => raw.trim())) {
    if (END.test(line)) break;
    if (line.startsWith('>')) {
      // "On Monday Postern wrote:" stands above what is quoted.
      if (lines.at(-1)?.endsWith(':')) lines.pop();
      break;
    }
    if (line !== '') lines.push(line.slice(0, MAX_LINE_CHARACTERS));
  }
  return lines.slice(0, MAX_LINES);
}
