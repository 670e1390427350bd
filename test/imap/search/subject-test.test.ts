/** A subject as it was read when the message was stored: what is found in it is in the field, however that is encoded. */
import assert from 'node:assert/strict';
import { fieldTest } from '../../../src/imap/search/text-test.js';
import { describeMessage } from '../../../src/mime/describe.js';
import { parseHeader, unfoldAsRead } from '../../../src/mime/header.js';
import { fieldText, fold } from '../../../src/mime/searchable-text.js';
import { generator } from '../../support/random.js';

const PIECES = [
  ...' abq\t_-*=?%"\';',
  '\r\n ',
  '\r\n\t',
  '\r\nSubject: ',
  '\r\nsubject :',
  'Straße',
  'ﬁ',
  'e\u0301\u0323',
  '\xe4',
  '\x1b$B',
  '\0',
  '=?utf-8?q?q=C3=BC?=',
  '=?utf-8?b?w6k=?=',
  '=?UTF-8*de?Q?=C3?= =?utf-8?q?=A4?=',
  '=?iso-2022-jp?b?GyRCJCIbKEI=?=',
  '=?koi8-r?q?=C1?=',
  '=?nonsense?q?a?=',
  '=?utf-8?q?broken',
  "*=utf-8''%e2%82%ac",
  'filename*=',
  'x'.repeat(400),
];

describe('a subject that was read when it was stored', () => {
  const { seed, below, pick } = generator();
  it(`holds nothing that the field does not (POSTERN_SEED=${seed})`, () => {
    let found = 0;
    for (let round = 0; round < 5000; round++) {
      const made = Array.from({ length: 1 + below(8) }, () => pick(PIECES)).join('');
      const raw = Buffer.from(`From: a@b\r\nSubject: ${made}\r\n\r\ntext\r\n`, below(2) === 0 ? 'utf8' : 'latin1');
      const { subject } = describeMessage(raw);
      const start = below(subject.length + 1);
      const text = fold(subject.slice(start, start + 1 + below(6)));
      const { isInSubject } = fieldTest('Subject', text) as Extract<ReturnType<typeof fieldTest>, { reads: 'header' }>;
      if (isInSubject?.(subject) !== true) continue;
      found++;
      const fields = parseHeader(raw, 0, raw.length, unfoldAsRead).filter(({ name }) => name.toLowerCase() === 'subject');
      assert.ok(
        fields.some((field) => fold(fieldText(field)).includes(text)),
        JSON.stringify([made, subject, text]),
      );
    }
    assert.ok(found > 2000, `${found}`);
  });
});
