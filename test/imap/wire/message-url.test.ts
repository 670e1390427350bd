/** URLs of messages on this server, RFC 5092. */
import assert from 'node:assert/strict';
import { parseMessageUrl, resolveUrl } from '../../../src/imap/wire/message-url.js';

describe('message URL', () => {
  const none = { uidValidity: null, section: '', partial: null };
  for (const [url, expected] of [
    ['/INBOX/;UID=7', { ...none, mailbox: 'INBOX', uid: 7 }],
    ['/a/b;UIDVALIDITY=12/;UID=7/;SECTION=1.2.MIME', { ...none, mailbox: 'a/b', uidValidity: 12, uid: 7, section: '1.2.MIME' }],
    ['/M%C3%BCll/;uid=7/;section=HEADER.FIELDS%20(TO)', { ...none, mailbox: 'Müll', uid: 7, section: 'HEADER.FIELDS (TO)' }],
    ['/INBOX/;UID=7/;PARTIAL=5', { ...none, mailbox: 'INBOX', uid: 7, partial: { offset: 5, length: Infinity } }],
    ['/INBOX/;UID=7/;SECTION=TEXT/;PARTIAL=5.9', { ...none, mailbox: 'INBOX', uid: 7, section: 'TEXT', partial: { offset: 5, length: 9 } }],
  ] as const)
    it(`reads ${url}`, () => assert.deepEqual(parseMessageUrl(url), expected));

  for (const url of [
    '',
    '/',
    'INBOX/;UID=7',
    '/INBOX',
    '/INBOX/;UID=0',
    '/INBOX/;UID=7/',
    '/INBOX/;UID=7;URLAUTH=anonymous',
    '/INBOX;UIDVALIDITY=x/;UID=7',
    '/INBOX/;UID=7/;PARTIAL=5.0',
    '/%FF/;UID=7',
    '/%/;UID=7',
    'imap://example.org/INBOX/;UID=7',
    'http://example.org/',
  ])
    it(`refuses "${url}"`, () => assert.equal(parseMessageUrl(url), null));

  for (const [url, selected, expected] of [
    ['/INBOX/;UID=7', 'a/b', '/INBOX/;UID=7'],
    [';UID=7', 'a/Müll', '/a/M%C3%BCll/;UID=7'],
    [';UID=7', null, ';UID=7'],
    ['Sent/;UID=7', 'a/b', '/a/Sent/;UID=7'],
    ['Sent/;UID=7', 'INBOX', '/Sent/;UID=7'],
    ['Sent/;UID=7', null, '/Sent/;UID=7'],
    ['imap://example.org/INBOX/;UID=7', 'INBOX', 'imap://example.org/INBOX/;UID=7'],
  ] as const)
    it(`reads ${url} as ${expected} in ${selected}`, () => assert.equal(resolveUrl(url, selected), expected));
});
