/** Pure: joins the lines of format=flowed text (RFC 3676), each quote depth for itself. */

/** Lines are ended by LF, before and after. @param deletesSpace DelSp=yes: the blank that marks a soft end is no part of the text */
export function unflow(text: string, deletesSpace = false): string {
  const joined: string[] = [];
  let open: { depth: number; text: string } | null = null;
  for (const line of text.split('\n')) {
    const { depth, content } = readQuotes(line);
    const isSignature = content === '-- ';
    // An empty line is a paragraph's end even where the line before says that it flows on: people press Return after a blank.
    if (open !== null && (open.depth !== depth || isSignature || content === '')) {
      joined.push(quote(open.depth, open.text));
      open = null;
    }
    const isSoft = content.endsWith(' ') && !isSignature;
    const whole: string = (open?.text ?? '') + (isSoft && deletesSpace ? content.slice(0, -1) : content);
    if (isSoft) open = { depth, text: whole };
    else {
      joined.push(quote(depth, whole));
      open = null;
    }
  }
  if (open !== null) joined.push(quote(open.depth, open.text));
  return joined.join('\n');
}

/** RFC 3676 §4.4, §4.5: quote marks come first and without blanks between, then one blank may have been stuffed in. */
function readQuotes(line: string): { depth: number; content: string } {
  const depth = /^>*/.exec(line)?.[0].length ?? 0;
  const rest = line.slice(depth);
  return { depth, content: rest.startsWith(' ') ? rest.slice(1) : rest };
}

function quote(depth: number, text: string): string {
  if (depth === 0) return text;
  const marks = '>'.repeat(depth);
  return text === '' ? marks : `${marks} ${text}`;
}
