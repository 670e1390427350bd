/** Asks for a secret: at a terminal without showing it, else it is the first line of standard input. */
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import type { Words } from '../words/words.js';

/** Undefined when it was not given: the input ended, or the two answers differ. */
export async function askSecret(name: string, isNew: boolean, { commandLine }: Words): Promise<string | undefined> {
  if (!process.stdin.isTTY) return firstLine();
  const first = await ask(`${name}: `);
  if (!isNew || first === undefined) return first;
  return (await ask(`${commandLine.again(name)}: `)) === first ? first : undefined;
}

function firstLine(): Promise<string | undefined> {
  const lines = createInterface({ input: process.stdin });
  return new Promise((resolve) => {
    lines.once('line', (line) => {
      resolve(line);
      lines.close();
    });
    lines.once('close', () => resolve(undefined));
  });
}

/** readline edits the line, into a stream that shows nothing. */
function ask(prompt: string): Promise<string | undefined> {
  process.stderr.write(prompt);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true });
  return new Promise((resolve) => {
    lines.once('SIGINT', () => lines.close());
    lines.once('close', () => resolve(undefined));
    lines.question('', (answer) => {
      process.stderr.write('\n');
      resolve(answer);
      lines.close();
    });
  });
}
