import assert from 'node:assert/strict';
import { createLogger } from '../../src/base/log.js';
import { shown, shownInLine, shownJson } from '../../src/base/terminal-text.js';

/** Sets the title of a window, clears the screen (two ways), rings, and begins a line that looks like ours. */
const ORDERS = '\x1b]2;x\x07\x1b[2J\x9b2J\x7f\r\n2026-01-01T00:00:00.000Z error all is lost\u2028';

describe('log', () => {
  const lineOf = (write: (log: ReturnType<typeof createLogger>) => void): string => {
    const lines: string[] = [];
    write(createLogger('debug', (line) => lines.push(line)));
    assert.equal(lines.length, 1);
    return lines[0];
  };

  for (const [name, write] of [
    ['an error', (log) => log.error('failed', new Error(ORDERS))],
    ['the cause of an error', (log) => log.error('failed', new Error('x', { cause: new Error(ORDERS) }))],
    ['a warning', (log) => log.warn('failed', new Error(ORDERS))],
    ['a field', (log) => log.info('came', { name: ORDERS })],
    ['an error in a field', (log) => log.info('came', { error: new Error(ORDERS) })],
    ['what is no object', (log) => log.info('came', ORDERS as never)],
  ] as readonly (readonly [string, (log: ReturnType<typeof createLogger>) => void])[])
    it(`gives a terminal no orders from ${name}, and begins no entry with it`, () => {
      const line = lineOf(write);
      assert.doesNotMatch(line, /[^\P{Cc}\n\t]|[\u2028\u2029]/u);
      assert.equal(line.split('\n').filter((part) => /^\d/.test(part)).length, 1);
      assert.ok(line.includes('all is lost'));
    });
});

describe('foreign text on a terminal', () => {
  it('keeps its lines, tabs and letters, and no orders', () => {
    assert.equal(shown('Grüße\t\u4f60\nשלום\x1b[2J'), 'Grüße\t\u4f60\nשלום\ufffd[2J');
  });

  it('is one line of so many characters in a table', () => {
    assert.equal(shownInLine(' /Evil\r\nfake  row\x9b/ ', 20), '/Evil fake  row /');
    assert.equal(shownInLine('x'.repeat(5000), 20), `${'x'.repeat(20)}…`);
  });

  it('is the same in JSON', () => {
    const json = shownJson(JSON.stringify({ text: ORDERS }));
    assert.deepEqual(JSON.parse(json), { text: ORDERS });
    assert.doesNotMatch(json, /[\p{Cc}\u2028]/u);
  });
});
