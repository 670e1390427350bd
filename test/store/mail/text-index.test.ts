/** The full-text index: it may say too much, it must never miss. */
import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from '@photostructure/sqlite';
import { MAX_INDEXED_CHARACTERS, TextIndex } from '../../../src/store/mail/text-index.js';
import { generator } from '../../support/random.js';
import { describeStub } from './describe-stub.js';
import { IndexedMail } from './indexed-mail.js';

/** SQLite's default. */
const PAGE_BYTES = 4096;

function everything(index: TextIndex, ...what: Parameters<TextIndex['find']>): number[] | null {
  const found = index.find(...what);
  return found && [...found.sure, ...found.possible];
}

describe('full-text index', () => {
  let mail: IndexedMail;

  beforeEach(() => {
    mail = new IndexedMail(describeStub, (raw) => ({ text: raw.toString(), addresses: '' }));
  });
  afterEach(() => mail.close());

  const append = (text: string): number => mail.append(text);
  /** Of all messages that are there, in ascending order; null: it cannot tell. */
  const candidates = (text: string): number[] | null => {
    const ids = mail.database.all<{ id: number }>('SELECT id FROM messages ORDER BY id').map(({ id }) => id);
    const found = everything(mail.index, text, ids[0], ids[ids.length - 1]);
    return found && ids.filter((id) => found.includes(id));
  };

  it('narrows down to the messages that hold all runs of three characters', () => {
    const [first, second] = [append('one NEEDLE "here" in a haystack'), append('two ÄÖÜ😀 and \0NUL')];
    append('something else');
    mail.indexAll();
    assert.deepEqual(candidates('NEEDLE'), [first]);
    assert.deepEqual(candidates('"here"'), [first]);
    assert.deepEqual(candidates('ÖÜ😀'), [second]);
    assert.deepEqual(candidates('NUL'), [second]);
    assert.deepEqual(candidates('needle'), [], 'what is looked for is folded already');
    assert.deepEqual(candidates('haystack needles'), []);
  });

  it('says that it cannot tell for fewer than three characters that are no letters', () => {
    append('a');
    mail.indexAll();
    for (const text of ['', 'a', 'A-', 'Ä', '😀😀']) assert.equal(candidates(text), null);
  });

  it('knows of a letter or two which messages hold them, and which it has not read', () => {
    const [first, second, long] = [append('one QUICK fox'), append('Q9'), append('QU'.repeat(MAX_INDEXED_CHARACTERS))];
    const find = (text: string): unknown => mail.index.find(text, first, long + 1);
    assert.deepEqual(find('Q'), { sure: [], possible: [first, second, long, long + 1] });
    mail.indexAll();
    const later = append('QU');
    assert.deepEqual(find('Q'), { sure: [first, second], possible: [long, later] });
    assert.deepEqual(find('QU'), { sure: [first], possible: [long, later] });
    assert.deepEqual(find('Q9'), { sure: [second], possible: [long, later] });
    assert.deepEqual(find('KF'), { sure: [], possible: [long, later] }, 'a blank lies between');
    assert.deepEqual(mail.index.find('Q', second, second), { sure: [second], possible: [] });
    mail.mailboxes.expunge(mail.inbox, [1, 3]);
    mail.indexAll();
    assert.deepEqual(find('QU'), { sure: [later], possible: [] });
  });

  it('names what it has not read yet, and what is too long for it', () => {
    const [fresh, long] = [append('fresh'), append('x'.repeat(MAX_INDEXED_CHARACTERS + 1))];
    assert.deepEqual(candidates('anything'), [fresh, long]);
    mail.indexAll();
    assert.deepEqual(candidates('anything'), [long]);
    assert.deepEqual(candidates('fresh'), [fresh, long]);
    const later = append('later');
    assert.deepEqual(candidates('anything'), [long, later]);
  });

  it('keeps to the range it is asked for', () => {
    const ids = [append('word'), append('word'), append('word')];
    assert.deepEqual(everything(mail.index, 'word', ids[1], ids[1]), [ids[1]], 'not indexed');
    mail.indexAll();
    assert.deepEqual(everything(mail.index, 'word', ids[1], ids[1]), [ids[1]], 'indexed');
  });

  it('finds a rare word beside common ones', () => {
    for (let i = 0; i < 300; i++) append('common');
    const id = append('common needle');
    mail.indexAll();
    assert.deepEqual(candidates('common needle'), [id]);
    assert.deepEqual(candidates('mon nee'), [id]);
    assert.equal(candidates('common')!.length, 301);
  });

  it('forgets messages that are no more, indexed or not', () => {
    const [word, later, tooLong] = [append('word'), append('later'), append('x'.repeat(MAX_INDEXED_CHARACTERS + 1))];
    mail.mailboxes.expunge(mail.inbox, [2]);
    mail.indexAll();
    assert.deepEqual(everything(mail.index, 'word', word, tooLong), [word, tooLong]);
    assert.deepEqual(everything(mail.index, 'later', later, later), []);
    mail.mailboxes.expunge(mail.inbox, [1, 3]);
    mail.indexAll();
    assert.deepEqual(everything(mail.index, 'word', word, tooLong), []);
    assert.deepEqual(mail.backlog.removed(10), []);
  });

  it('comes to an end where the last messages are no more', () => {
    append('word');
    mail.mailboxes.expunge(mail.inbox, [1]);
    mail.indexAll();
    assert.equal(mail.index.reach, mail.backlog.lastMessageId);
  });

  it('goes on where it was after a restart', () => {
    const first = append('word');
    mail.indexAll();
    mail.reopenIndex();
    assert.equal(mail.index.reach, first);
    const second = append('word');
    mail.indexAll();
    assert.deepEqual(candidates('word'), [first, second]);
  });

  describe('is made anew', () => {
    let id: number;
    beforeEach(() => {
      id = append('word');
      mail.indexAll();
    });
    const expectAnew = (): void => {
      mail.reopenIndex();
      assert.equal(mail.index.reach, 0);
      assert.deepEqual(candidates('nothing'), [id]);
      mail.indexAll();
      assert.deepEqual(candidates('nothing'), []);
      assert.deepEqual(candidates('word'), [id]);
    };

    it('when the file is gone', () => {
      mail.index.close();
      for (const ending of ['', '-wal', '-shm']) rmSync(`${mail.paths.index}${ending}`, { force: true });
      mail.index = TextIndex.openOrMake(mail.paths.index, mail.backlog.lastMessageId);
      expectAnew();
    });

    it('when it goes further than the mail: that was brought back to an older state', () => {
      mail.index.change(() => {
        mail.index.reach = id + 1;
      });
      expectAnew();
    });

    it('when another version wrote it', () => {
      const file = new DatabaseSync(mail.paths.index);
      file.exec('PRAGMA user_version = 77');
      file.close();
      expectAnew();
    });

    it('when it is no database', () => {
      mail.index.close();
      writeFileSync(mail.paths.index, 'something else altogether'.repeat(1000));
      mail.index = TextIndex.openOrMake(mail.paths.index, mail.backlog.lastMessageId);
      expectAnew();
    });

    it('when it is damaged inside; until then every message is a candidate', () => {
      mail.index.close();
      const bytes = readFileSync(mail.paths.index);
      // All but the first page, which holds the schema.
      writeFileSync(mail.paths.index, bytes.fill(0xff, PAGE_BYTES));
      mail.index = new TextIndex(mail.paths.index);
      assert.equal(candidates('nothing'), null);
      assert.ok(mail.index.isDamaged);
      assert.equal(candidates('nothing'), null);
      mail.index.makeAnew();
      assert.ok(!mail.index.isDamaged);
      expectAnew();
    });
  });

  const { seed, below, pick } = generator();
  it(`misses nothing (POSTERN_SEED=${seed})`, () => {
    const texts = new Map<number, string>();
    const letters = [...'abAB"\'*()ä😀 \n-^:'];
    for (let i = 0; i < 300; i++) {
      const text = Array.from({ length: below(40) }, () => pick(letters)).join('');
      texts.set(append(text), text);
      if (i === 200) mail.indexAll();
    }
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
