/** The indexer: takes what is there and what comes in, and searches find the same with and without it. */
import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { ManualClock } from '../../../src/base/clock.js';
import { silentLogger } from '../../../src/base/log.js';
import { search } from '../../../src/imap/search/search.js';
import { describeMessage } from '../../../src/mime/describe.js';
import { foldedText } from '../../../src/mime/searchable-text.js';
import { Database } from '../../../src/store/database.js';
import { SqliteMailboxes } from '../../../src/store/mail/mailboxes.js';
import { SqliteMessages } from '../../../src/store/mail/messages.js';
import { TextIndex } from '../../../src/store/mail/text-index.js';
import { TextIndexer } from '../../../src/store/mail/text-indexer.js';
import { oddMails } from '../../support/odd-mails.js';

describe('text indexer', () => {
  it('indexes what is there and what comes in, and stops', async () => {
    const database = new Database(':memory:');
    const clock = new ManualClock(1_800_000_000);
    const mailboxes = new SqliteMailboxes(database, describeMessage, clock);
    const inbox = mailboxes.find('INBOX')!.id;
    const append = (count: number): void => {
      const mail = { raw: Buffer.from('\r\ntext'), flags: [], internalDate: 0, identity: '' };
      mailboxes.append(
        inbox,
        Array.from({ length: count }, () => mail),
      );
    };
    const events = new EventEmitter();
    const index = new TextIndex(database, foldedText);
    const watched = {
      mergeNext: (pages: number): boolean => {
        const joined = index.mergeNext(pages);
        if (joined) events.emit('turn');
        return joined;
      },
      indexNext: (count: number): number => {
        const taken = index.indexNext(count);
        events.emit(taken === 0 ? 'done' : 'turn');
        return taken;
      },
    } as TextIndex;
    const indexer = new TextIndexer({ mailboxes, index: watched, clock, log: silentLogger });
    append(120);
    events.on('turn', () => setImmediate(() => clock.advance(1)));
    const done = once(events, 'done');
    indexer.start();
    await done;
    const again = once(events, 'done');
    append(1);
    await again;
    assert.equal(database.get<{ n: number }>('SELECT count(*) AS n FROM messages WHERE text_index = 1')!.n, 121);
    await indexer.stop();
    append(1);
    assert.equal(database.get<{ n: number }>('SELECT count(*) AS n FROM messages WHERE text_index = 1')!.n, 121);
    database.close();
  });

  it('changes no result of a search', async () => {
    const database = new Database(':memory:');
    const mailboxes = new SqliteMailboxes(database, describeMessage, new ManualClock(1_800_000_000));
    const messages = new SqliteMessages(database);
    const mailboxId = mailboxes.find('INBOX')!.id;
    mailboxes.append(
      mailboxId,
      [...oddMails(), Buffer.from('From: apart (here) @ (there) example.org, g: x@y;\r\n\r\n')].map((raw) => ({
        raw,
        flags: [],
        internalDate: 0,
        identity: '',
      })),
    );
    const context = {
      mailboxes,
      messages,
      mailboxId,
      uids: mailboxes.uids(mailboxId, null),
      saved: [],
      now: 0,
      isRecent: () => false,
      breathe: async () => {},
    };
    const results = async (): Promise<number[][]> => {
      const all: number[][] = [];
      for (const text of [
        'plain',
        'ö',
        'jö',
        'signature',
        'quoted',
        '.pdf',
        'ä.pdf',
        'boundary=',
        'zzz',
        'doe, jo',
        'jo@x.org',
        'a@b',
        '@b',
        'apart@example.org',
        'null@null',
      ]) {
        for (const key of [
          { key: 'text', text },
          { key: 'body', text },
          { key: 'header', field: 'From', text },
          { key: 'header', field: 'Subject', text },
        ] as const) {
          all.push(await search(key, context));
        }
      }
      return all;
    };
    const before = await results();
    const index = new TextIndex(database, foldedText);
    while (index.indexNext(100) > 0);
    assert.deepEqual(await results(), before);
    assert.ok(before.some((found) => found.length > 0 && found.length < 200));
    database.close();
  });
});
