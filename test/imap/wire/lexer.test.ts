/** The tokens of IMAP: what is read, and what is refused. */
import assert from 'node:assert/strict';
import { ImapBad } from '../../../src/imap/wire/imap-bad.js';
import { Lexer } from '../../../src/imap/wire/lexer.js';

const lexer = (text: string, literals: Buffer[] = [], utf8 = false): Lexer => new Lexer({ text, literals }, utf8);

describe('imap lexer', () => {
  for (const [text, value] of [
    ['abc', 'abc'],
    ['"a b"', 'a b'],
    ['"a\\"b\\\\c"', 'a"b\\c'],
    ['""', ''],
    ['a]b', 'a]b'],
    ['~foo', '~foo'],
    ["!#$&'+,-./:;<=>?@^_`|[}", "!#$&'+,-./:;<=>?@^_`|[}"],
    ['NIL', 'NIL'],
  ] as const)
    it(`reads ${text} as an astring`, () => {
      const args = lexer(text);
      assert.equal(args.astring().toString('latin1'), value);
      args.end();
    });

  it('reads literals and literal8 in their order', () => {
    const args = lexer('{3}\r\n ~{2+}\r\n {0}\r\n', [Buffer.from('a\r\n'), Buffer.from([0, 255]), Buffer.alloc(0)]);
    assert.deepEqual(args.string(), Buffer.from('a\r\n'));
    args.space();
    assert.deepEqual(args.messageLiteral(), { bytes: Buffer.from([0, 255]), binary: true });
    args.space();
    assert.deepEqual(args.astring(), Buffer.alloc(0));
    args.end();
  });

  for (const [text, why] of [
    ['', 'nothing'],
    ['"abc', 'an unclosed quote'],
    ['"a\\b"', 'an escape of what needs none'],
    ['"a\rb"', 'a bare CR'],
    ['"a\0b"', 'a NUL'],
    ['(', 'a parenthesis'],
    ['%', 'a wildcard'],
    ['ä', 'eight bits in an atom'],
    ['{3}', 'a literal marker that no literal follows'],
  ] as const)
    it(`refuses ${why} as an astring`, () => assert.throws(() => lexer(text).astring(), ImapBad));

  for (const [text, value] of [
    ['\\seen', '\\Seen'],
    ['\\DELETED', '\\Deleted'],
    ['$Forwarded', '$Forwarded'],
    ['NonJunk', 'NonJunk'],
  ] as const)
    it(`spells the flag ${text} as ${value}`, () => assert.equal(lexer(text).flag(), value));

  for (const text of ['\\Recent', '\\*', '\\Unknown', '(', ''])
    it(`refuses the flag "${text}"`, () => assert.throws(() => lexer(text).flag(), ImapBad));

  it('reads a number of 63 bits as one that is more than anything here', () => {
    assert.equal(lexer('20050715194045000').number(), Number.MAX_SAFE_INTEGER);
    assert.equal(lexer('9223372036854775807').number(), Number.MAX_SAFE_INTEGER);
  });
  it('refuses a number of 64 bits', () => assert.throws(() => lexer('9223372036854775808').number(), ImapBad));

  for (const [text, path] of [
    ['inbox', 'INBOX'],
    ['"InBoX/a"', 'INBOX/a'],
    ['inboxes', 'inboxes'],
    ['a/b/', 'a/b'],
    ['"p&AOQA5A-"', 'pää'],
    ['"a&-b"', 'a&b'],
    ['"&A-"', null],
    ['"&AOQ"', null],
    ['"&AGE-"', null],
  ] as const)
    it(`reads the mailbox ${text} as ${path}`, () => assert.equal(lexer(text).mailbox(), path));

  it('reads UTF-8 names once the client has enabled them', () => {
    const wire = Buffer.from('"Müll/a&b"').toString('latin1');
    assert.equal(lexer(wire, [], true).mailbox(), 'Müll/a&b');
    assert.equal(lexer(wire).mailbox(), null);
  });

  it('reads the same arguments once, and all of them', () => {
    const recalled = new Map<string, string[]>();
    const read = (text: string, literals: Buffer[] = []): { words: string[]; isAtEnd: boolean } => {
      const args = lexer(text, literals);
      args.atom();
      args.space();
      const words = args.recall(recalled, (rest) => rest.list(() => rest.astringText()));
      return { words, isAtEnd: args.atEnd };
    };
    const first = read('1 (a b)');
    assert.deepEqual(first, { words: ['a', 'b'], isAtEnd: true });
    const second = read('2 (a b)');
    assert.equal(second.words, first.words);
    assert.equal(second.isAtEnd, true);
    // What a literal holds does not stand in the text.
    assert.deepEqual(read('3 (a {1}\r\n)', [Buffer.from('b')]).words, ['a', 'b']);
    assert.deepEqual(read('4 (a {1}\r\n)', [Buffer.from('c')]).words, ['a', 'c']);
    for (let times = 0; times < 2; times++) {
      assert.deepEqual(read('5 (a) b'), { words: ['a'], isAtEnd: false });
      assert.throws(() => read('6 (a'), ImapBad);
    }
    // Nor does it keep what a client invents.
    for (let index = 0; index < 1000; index++) read(`7 (a${'a'.repeat(index)} ${index})`);
    read(`8 (${'a'.repeat(10_000)})`);
    assert.ok(recalled.size <= 100 && [...recalled.keys()].every((text) => text.length <= 1000));
  });

  it('says what it expected, without echoing control characters', () => {
    assert.throws(
      () => lexer('\x07"').number(),
      (error: Error) => error.message === 'Expected a number, found "?\'"',
    );
  });
});
