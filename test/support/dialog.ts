/**
 * Plays a dialog file against a server, line by line.
 *
 *   # a comment
 *   @ word word          something the house does meanwhile (a mail arrives); see the test that plays the file
 *   C: a1 NOOP           the client says; C2: is a second client, which connects when it first speaks
 *   C: a1 APPEND b {%}   {%}, {%+} and ~{%} become the size of the D: lines that follow
 *   D: a line of data    sent with its line end; nothing is sent after the last one but the next C: line
 *   S: ...               the server may say anything before the next S: line, such as what SELECT says where that is not the point
 *   S: a1 OK {{*}}       the server must answer just that; {{*}} is any text, {{name}} must be the same each time
 *
 * In C: and D: lines \xNN is a byte, {{name}} is what the server said there.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { LineClient } from './line-client.js';

export interface DialogHouse {
  /** A new client, past the greeting and the login unless the dialog is about these. */
  connect(number: string): Promise<LineClient>;
  /** What "@" lines ask for. */
  act(words: readonly string[]): void | Promise<void>;
}

interface Line {
  readonly number: number;
  readonly who: string;
  readonly text: string;
}

export async function playDialog(file: string, house: DialogHouse): Promise<void> {
  const clients = new Map<string, LineClient>();
  const variables = new Map<string, string>();
  const client = async (name: string): Promise<LineClient> => {
    const known = clients.get(name) ?? (await house.connect(name));
    clients.set(name, known);
    return known;
  };
  const lines = readLines(file);
  let afterData = false;
  let skipping = false;
  try {
    for (const [index, line] of lines.entries()) {
      const where = `${file}:${line.number}`;
      const name = line.who.slice(1) || '1';
      switch (line.who[0]) {
        case '@':
          await house.act(fill(line.text, variables).split(' '));
          break;
        case 'C':
          (await client(name)).write(toBytes(fill(withSize(line.text, lines, index), variables)));
          (await client(name)).write('\r\n');
          break;
        case 'D': {
          (await client(name)).write(Buffer.concat([toBytes(fill(line.text, variables)), Buffer.from('\r\n')]));
          break;
        }
        default: {
          if (line.text === '...') {
            skipping = true;
            break;
          }
          let answer = await (await client(name)).line(where);
          while (skipping && !matches(answer, line.text, variables)) answer = await (await client(name)).line(where);
          skipping = false;
          if (!matches(answer, line.text, variables)) assert.equal(answer, fill(line.text, variables), where);
        }
      }
      afterData = line.who[0] === 'D';
    }
    assert.equal(afterData, false, `${file} ends within data`);
    for (const [name, one] of clients) assert.deepEqual(one.rest(), [], `client ${name} was told more than ${file} says`);
  } finally {
    for (const one of clients.values()) one.close();
  }
}

function readLines(file: string): Line[] {
  const lines: Line[] = [];
  readFileSync(file, 'utf8')
    .split('\n')
    .forEach((text, index) => {
      if (text === '' || text.startsWith('#')) return;
      const match = /^([CSD]\d?): ?(.*)$|^(@) (.*)$/.exec(text);
      if (match === null) throw new Error(`${file}:${index + 1}: neither C:, S:, D: nor @`);
      lines.push({ number: index + 1, who: match[1] ?? match[3], text: match[2] ?? match[4] });
    });
  return lines;
}

/** Data follows after the "+" of the server when the literal waits for it, at once when it does not. */
function withSize(text: string, lines: readonly Line[], index: number): string {
  if (!text.includes('{%')) return text;
  let size = 0;
  let at = index + 1;
  while (lines[at]?.who[0] === 'S') at++;
  for (; lines[at]?.who[0] === 'D'; at++) size += toBytes(lines[at].text).length + 2;
  return text.replace('{%', `{${size}`);
}

function toBytes(text: string): Buffer {
  const parts = text.split(/(\\x[0-9a-f]{2})/i);
  return Buffer.concat(parts.map((part) => (/^\\x[0-9a-f]{2}$/i.test(part) ? Buffer.from(part.slice(2), 'hex') : Buffer.from(part))));
}

function fill(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => variables.get(name) ?? whole);
}

/** Learns the variables of a line that fits. */
function matches(got: string, wanted: string, variables: Map<string, string>): boolean {
  const names: string[] = [];
  const pattern = fill(wanted, variables)
    .split(/\{\{(\*|\w+)\}\}/)
    .map((part, index) => {
      if (index % 2 === 0) return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      if (part === '*') return '.*';
      names.push(part);
      return '(\\S+?)';
    })
    .join('');
  const match = new RegExp(`^${pattern}$`).exec(got);
  if (match === null) return false;
  names.forEach((name, index) => {
    variables.set(name, match[index + 1]);
  });
  return true;
}
