/** SEARCH: every key against a small folder, over a real store. */
import assert from 'node:assert/strict';
import { ManualClock } from '../../../src/base/clock.js';
import type { SearchKey } from '../../../src/imap/search/key.js';
import { type SearchContext, search } from '../../../src/imap/search/search.js';
import { UidList } from '../../../src/imap/uid-list.js';
import { describeMessage } from '../../../src/mime/describe.js';
import { Database } from '../../../src/store/database.js';
import { SqliteMailboxes } from '../../../src/store/mail/mailboxes.js';
import { SqliteMessages } from '../../../src/store/mail/messages.js';
import type { NewEntry } from '../../../src/store/mail/types.js';

const DAY = 86_400;
const NOW = 20_000 * DAY;

const MAILS: readonly { raw: string; flags?: string[]; at?: number }[] = [
  {
    raw: 'From: =?utf-8?q?J=C3=B6rg?= Straße <joerg@example.org>\r\nTo: Alice <a@x>, bob@y\r\nSubject: =?utf-8?b?w4RwZmVs?= and\r\n pears\r\nDate: Thu, 1 Jan 2015 00:30:00 +0200\r\n\r\nplain text',
    flags: ['\\Seen', '$Work'],
    at: NOW - 3 * DAY,
  },
  {
    raw: 'From: c@d\r\nX-Empty:\r\nReferences: <thread@x>\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nd=E9j=E0 v=\r\nu',
    flags: ['\\Flagged', '\\Deleted'],
    at: NOW - 2 * DAY,
  },
  {
    raw: 'Subject: mixed\r\nMessage-ID: <thread@x>\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\nprologue\r\n--x\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\naGlkZGVuIHdvcmQ=\r\n--x\r\nContent-Type: message/rfc822\r\n\r\nSubject: forwarded\r\n\r\ninner text\r\n--x\r\nContent-Type: image/png; name="holiday.png"\r\n\r\npngbytes\r\n--x--\r\n',
    at: NOW - 100,
  },
  { raw: '\r\n', flags: ['\\Answered', '\\Draft', 'junk'], at: NOW },
];

const database = new Database(':memory:');
const clock = new ManualClock(NOW);
const mailboxes = new SqliteMailboxes(database, describeMessage, clock);
const messages = new SqliteMessages(database);
const inbox = mailboxes.find('INBOX')!;
mailboxes.append(
  inbox.id,
  // UID 1 is expunged, so that UIDs (2, 3, 4, 5) are not message numbers (1, 2, 3, 4).
  [{ raw: 'gone' }, ...MAILS].map(({ raw, flags = [], at = 0 }: (typeof MAILS)[number]) => ({
    raw: Buffer.from(raw),
    flags,
    internalDate: at,
    identity: '',
  })),
);
mailboxes.expunge(inbox.id, [1]);
mailboxes.setFlags(inbox.id, [4], 'add', ['\\Seen']);
const [changed] = mailboxes.entries(inbox.id, [4]);

let pauses = 0;
const context: SearchContext = {
  mailboxes,
  messages,
  largeTexts: { contains: () => assert.fail('none is large') },
  mailboxId: inbox.id,
  uids: UidList.EMPTY.withAdded(mailboxes.uids(inbox.id, null)),
  present: UidList.EMPTY.withAdded(mailboxes.uids(inbox.id, null)),
  saved: [3, 5],
  now: NOW,
  recent: [{ start: 2, end: 4 }],
  breathe: async () => {
    pauses++;
  },
};

const header = (field: string, text: string): SearchKey => ({ key: 'header', field, text });
const body = (text: string): SearchKey => ({ key: 'body', text });
const text = (value: string): SearchKey => ({ key: 'text', text: value });
const flag = (name: string): SearchKey => ({ key: 'flag', flag: name });
const not = (of: SearchKey): SearchKey => ({ key: 'not', of });
const sent = (is: 'before' | 'on' | 'since', day: string): SearchKey => ({
  key: 'date',
  of: 'sent',
  is,
  day: Date.parse(day) / 1000 / DAY,
});
const received = (is: 'before' | 'on' | 'since', day: number): SearchKey => ({ key: 'date', of: 'internal', is, day });

const TABLE: readonly (readonly [string, SearchKey, number[]])[] = [
  ['ALL', { key: 'all' }, [2, 3, 4, 5]],
  ['SEEN', flag('\\Seen'), [2, 4]],
  ['UNSEEN', not(flag('\\SEEN')), [3, 5]],
  ['DELETED FLAGGED', { key: 'and', keys: [flag('\\Deleted'), flag('\\Flagged')] }, [3]],
  ['KEYWORD in another case', flag('$WORK'), [2]],
  ['KEYWORD that nobody has', flag('nobody'), []],
  ['NEW', { key: 'and', keys: [{ key: 'recent' }, not(flag('\\Seen'))] }, [5]],
  ['OR', { key: 'or', left: flag('\\Draft'), right: flag('\\Deleted') }, [3, 5]],
  ['a sequence set', { key: 'sequence', set: [{ from: 2, to: 3 }] }, [3, 4]],
  ['a sequence set backwards to the end', { key: 'sequence', set: [{ from: '*', to: 3 }] }, [4, 5]],
  ['a sequence set beyond the end', { key: 'sequence', set: [{ from: 4, to: 99 }] }, [5]],
  [
    'UID',
    {
      key: 'uid',
      set: [
        { from: 1, to: 2 },
        { from: 4, to: 4 },
      ],
    },
    [2, 4],
  ],
  ['UID of * alone', { key: 'uid', set: [{ from: '*', to: '*' }] }, [5]],
  ['UID above the last one up to *', { key: 'uid', set: [{ from: 77, to: '*' }] }, [5]],
  [
    'two sets together',
    {
      key: 'and',
      keys: [
        { key: 'uid', set: [{ from: 3, to: 5 }] },
        { key: 'sequence', set: [{ from: 1, to: 2 }] },
      ],
    },
    [3],
  ],
  ['NOT of a set', not({ key: 'uid', set: [{ from: 3, to: 4 }] }), [2, 5]],
  ['$', { key: 'saved' }, [3, 5]],
  ['FROM in an encoded word', header('FROM', 'jörg'), [2]],
  ['FROM with ß for SS', header('From', 'STRASSE'), [2]],
  ['FROM part of the address', header('from', 'EXAMPLE.org'), [2]],
  ['TO the second address', header('To', 'bob@'), [2]],
  ['SUBJECT over a folded line', header('Subject', 'äpfel and pears'), [2]],
  ['SUBJECT of a message inside is none', header('Subject', 'forwarded'), []],
  ['HEADER of any name', header('references', 'thread@x'), [3]],
  ['HEADER that is there', header('X-Empty', ''), [3]],
  ['HEADER that is not there', header('X-None', ''), []],
  ['BODY', body('PLAIN'), [2]],
  ['BODY in quoted-printable and Latin-1, over a soft line break', body('DÉJÀ VU'), [3]],
  ['BODY in base64', body('hidden word'), [4]],
  ['BODY in a message inside', body('inner text'), [4]],
  ['BODY is no header', body('joerg'), []],
  ['BODY is no image', body('pngbytes'), []],
  ['BODY is no prologue', body('prologue'), []],
  ['TEXT in a header', text('JOERG'), [2]],
  ['TEXT in a MIME header', text('holiday'), [4]],
  ['TEXT in a body', text('vu'), [3]],
  ['TEXT nowhere', text('nowhere'), []],
  ['LARGER', { key: 'larger', bytes: MAILS[0].raw.length + 20 }, [4]],
  ['SMALLER', { key: 'smaller', bytes: 3 }, [5]],
  ['SENTON the day that the sender wrote', sent('on', '2015-01-01'), [2]],
  ['SENTBEFORE', sent('before', '2015-01-01'), []],
  ['SENTSINCE', sent('since', '2015-01-01'), [2]],
  ['BEFORE', received('before', 19_998), [2]],
  ['ON', received('on', 19_998), [3]],
  ['SINCE', received('since', 19_998), [3, 4, 5]],
  ['SAVEDON', { key: 'date', of: 'saved', is: 'on', day: 20_000 }, [2, 3, 4, 5]],
  ['SAVEDATESUPPORTED', { key: 'savedatesupported' }, [2, 3, 4, 5]],
  ['YOUNGER', { key: 'younger', seconds: 100 }, [4, 5]],
  ['OLDER', { key: 'older', seconds: 100 }, [2, 3, 4]],
  ['MODSEQ', { key: 'modseq', modseq: changed.modseq }, [4]],
  ['EMAILID', { key: 'emailid', id: messages.objectIds(changed.messageId).emailId }, [4]],
  ['THREADID', { key: 'threadid', id: messages.objectIds(changed.messageId).threadId }, [3, 4]],
];

describe('search', () => {
  for (const [what, key, expected] of TABLE) {
    it(`finds ${what}`, async () => assert.deepEqual(await search(key, context), expected));
    it(`finds the others with NOT: ${what}`, async () => {
      assert.deepEqual(
        await search(not(key), context),
        [2, 3, 4, 5].filter((uid) => !expected.includes(uid)),
      );
    });
  }

  it('leaves out messages that the view holds and the store no more', async () => {
    assert.deepEqual(await search({ key: 'all' }, { ...context, uids: UidList.EMPTY.withAdded([1, 2, 3]) }), [2, 3]);
  });

  it('pauses between slices of rows and of texts', async () => {
    const many = mailboxes.create('many').id;
    const raw = Buffer.from(`Subject: x\r\n\r\n${'text '.repeat(20_000)}`);
    mailboxes.append(many, Array<NewEntry>(40).fill({ raw, flags: [], internalDate: 0, identity: '' }));
    const uids = UidList.EMPTY.withAdded(mailboxes.uids(many, null));
    for (const [key, atLeast] of [
      [flag('\\Flagged'), 1],
      [body('y'), 20],
    ] as const) {
      pauses = 0;
      assert.deepEqual(await search(key, { ...context, mailboxId: many, uids, present: uids }), []);
      assert.ok(pauses >= atLeast, `${key.key}: ${pauses}`);
    }
  });
});
