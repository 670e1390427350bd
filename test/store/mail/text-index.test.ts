/** The full-text index: it may say too much, it must never miss. */
import assert from 'node:assert/strict';
import { ManualClock } from '../../../src/base/clock.js';
import { Database } from '../../../src/store/database.js';
import { SqliteMailboxes } from '../../../src/store/mail/mailboxes.js';
import { SqliteMessages } from '../../../src/store/mail/messages.js';
import { MAX_INDEXED_CHARACTERS, TextIndex } from '../../../src/store/mail/text-index.js';
import { generator } from '../../support/random.js';
import { describeStub } from './describe-stub.js';

const foldedText = (raw: Buffer): string => raw.toString();

describe('full-text index', () => {
  let database: Database;
  let store: SqliteMailboxes;
  let index: TextIndex;
  let inbox: number;

  beforeEach(() => {
    database = new Database(':memory:');
    store = new SqliteMailboxes(database, describeStub, new ManualClock(1_800_000_000));
    index = new TextIndex(database, foldedText);
    inbox = store.find('INBOX')!.id;
  });
  afterEach(() => database.close());

  const append = (text: string): number => {
    const [uid] = store.append(inbox, [{ raw: Buffer.from(text), flags: [], internalDate: 0, identity: '' }]);
    return store.entries(inbox, [uid])[0].messageId;
  };
  const candidates = (text: string): number[] | null =>
    new SqliteMessages(database).candidates(text, 0, Number.MAX_SAFE_INTEGER)?.sort((a, b) => a - b) ?? null;
  const indexAll = (): void => {
    while (index.indexNext(2) > 0);
  };

  it('narrows down to the messages that hold all runs of three characters', () => {
    const [first, second] = [append('one NEEDLE "here" in a haystack'), append('two ÄÖÜ😀 and \0NUL')];
    append('something else');
    indexAll();
    assert.deepEqual(candidates('NEEDLE'), [first]);
    assert.deepEqual(candidates('"here"'), [first]);
    assert.deepEqual(candidates('ÖÜ😀'), [second]);
    assert.deepEqual(candidates('NUL'), [second]);
    assert.deepEqual(candidates('needle'), [], 'what is looked for is folded already');
    assert.deepEqual(candidates('haystack needles'), []);
  });

  it('says that it cannot tell for fewer than three characters', () => {
    append('a');
    indexAll();
    for (const text of ['', 'a', 'ab', '😀😀']) assert.equal(candidates(text), null);
  });

  it('names what it has not read yet, and what is too long for it', () => {
    const [fresh, long] = [append('fresh'), append('x'.repeat(MAX_INDEXED_CHARACTERS + 1))];
    assert.deepEqual(candidates('anything'), [fresh, long]);
    indexAll();
    assert.deepEqual(candidates('anything'), [long]);
    assert.deepEqual(candidates('fresh'), [fresh, long]);
  });

  it('keeps to the range it is asked for', () => {
    const ids = [append('word'), append('word'), append('word')];
    indexAll();
    assert.deepEqual(new SqliteMessages(database).candidates('word', ids[1], ids[1]), [ids[1]]);
  });

  it('joins its parts, a little at a time, and finds the same', () => {
    const ids = Array.from({ length: 100 }, (_, i) => append(`word number ${i % 10} of them`));
    const parts = (): number => database.get<{ n: number }>('SELECT count(DISTINCT segid) AS n FROM message_text_idx')!.n;
    while (index.indexNext(2) > 0);
    assert.ok(parts() > 20, `${parts()} parts: not joined in the midst of an insertion`);
    store.expunge(inbox, [1, 2, 3]);
    let turns = 0;
    while (index.mergeNext(2)) turns++;
    assert.ok(turns > 0 && parts() < 10, `${parts()} parts after ${turns} turns`);
    assert.deepEqual(
      candidates('number 7'),
      ids.filter((_, i) => i % 10 === 7),
    );
    assert.deepEqual(candidates('number 1 '), ids.filter((_, i) => i % 10 === 1).slice(1));
  });

  it('forgets a message with its last entry', () => {
    append('word');
    indexAll();
    store.expunge(inbox, [1]);
    assert.deepEqual(candidates('word'), []);
    append('later');
    store.expunge(inbox, [2]);
    indexAll();
    assert.deepEqual(candidates('later'), []);
  });

  const { seed, below, pick } = generator();
  it(`misses nothing (POSTERN_SEED=${seed})`, () => {
    const texts = new Map<number, string>();
    const letters = [...'abAB"\'*()ä😀 \n-^:'];
    for (let i = 0; i < 300; i++) {
      const text = Array.from({ length: below(40) }, () => pick(letters)).join('');
      texts.set(append(text), text);
    }
    for (let i = 0; i < 70; i++) index.indexNext(3);
    for (let i = 0; i < 300; i++) {
      const [, source] = pick([...texts]);
      const characters = [...source];
      const start = below(characters.length + 1);
      const wanted = characters.slice(start, start + 3 + below(4)).join('');
      const found = candidates(wanted);
      if (found === null) continue;
      for (const [id, text] of texts)
        if (text.includes(wanted)) assert.ok(found.includes(id), `${JSON.stringify(wanted)} in ${JSON.stringify(text)}`);
    }
  });
});
