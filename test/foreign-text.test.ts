/**
 * What reads text that strangers wrote: it has an answer to everything, in time that grows with the length. One short piece, repeated, is what makes a
 * regular expression or a loop take the square of it, and a mail of 260 KB would then hold up everybody for minutes.
 */
import assert from 'node:assert/strict';
import { parseXml } from '../src/carddav/xml.js';
import { baseSubject } from '../src/imap/sort/base-subject.js';
import { readBitmessageUri } from '../src/mapping/bitmessage-uri.js';
import { extractImages } from '../src/mapping/data-images.js';
import { isHtml, readForm, toOutgoingForm } from '../src/mapping/html-form.js';
import { orderLines } from '../src/mapping/order-lines.js';
import { originalSender, showQuotes } from '../src/mapping/quoting.js';
import { baseSubject as conversation, isAnswer } from '../src/mapping/threading.js';
import { toBody, toSubject } from '../src/mapping/to-bitmessage.js';
import { readKeysDat } from '../src/migration/formats/keys-dat.js';
import { readKnownNodes } from '../src/migration/formats/known-nodes.js';
import { flagsOfMboxMail } from '../src/migration/formats/mail-flags.js';
import { MigrationRefusal } from '../src/migration/refusal.js';
import { parseAddressList } from '../src/mime/address-list.js';
import { parseDate } from '../src/mime/date.js';
import { decodeExtendedValue, decodeWords } from '../src/mime/decode-words.js';
import { describeMessage } from '../src/mime/describe.js';
import { unflow } from '../src/mime/flowed.js';
import { htmlToText } from '../src/mime/html-to-text.js';
import { parseWordWithParameters } from '../src/mime/parameters.js';
import type { Part } from '../src/mime/part-tree.js';
import { parsePartTree } from '../src/mime/part-tree.js';
import { previewOf } from '../src/mime/preview.js';
import { readMail } from '../src/mime/read-mail.js';
import { cleanBody, safeFileName } from '../src/mime/safe-text.js';
import { sanitiseHtml } from '../src/mime/sanitise-html.js';
import { collate, foldedText } from '../src/mime/searchable-text.js';
import { cardProperties, readCard } from '../src/mime/vcard.js';
import { processorMs } from './support/processor-time.js';
import { generator } from './support/random.js';

/** What is linear takes some 5 ms for this much, the slowest (xmldom) 200; what is not took seconds. */
const LONG_CHARACTERS = 40_000;
const MAX_MS = 1_000;

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
const folded = (text: string): string => text.replace(/\r?\n(?![ \t])/g, '\r\n ');
const body = (header: string, text: string): Buffer => bytes(`${header}\r\n\r\n${text}`);

const READERS: Readonly<Record<string, (text: string) => unknown>> = {
  'address list': parseAddressList,
  date: parseDate,
  'encoded words': decodeWords,
  'extended value': decodeExtendedValue,
  parameters: parseWordWithParameters,
  'format=flowed': (text) => unflow(text, true),
  'HTML to text': htmlToText,
  'HTML written anew': (text) => sanitiseHtml(text, () => null),
  'HTML of a received message': (text) => readForm(text, []),
  'HTML to send': (html) => toOutgoingForm({ subject: '', text: '', html, files: [] }),
  'whether it is HTML': isHtml,
  'images in a text': extractImages,
  quotes: showQuotes,
  'whose words are quoted': originalSender,
  'subject, for SORT': baseSubject,
  'subject, for conversations': (text) => conversation(text) + String(isAnswer(text)),
  'subject to send': toSubject,
  'body to send': toBody,
  'file name': safeFileName,
  'clean body': cleanBody,
  'text to sort by': collate,
  'text to search': (text) => {
    const raw = body('Content-Type: text/html', text);
    return foldedText(raw, describeMessage(raw).structure).text;
  },
  order: (text) => orderLines({ subject: text, text }, () => false),
  'bitmessage: link': readBitmessageUri,
  'vCard, as it is': readCard,
  'vCard, its lines': (text) => cardProperties(`BEGIN:VCARD\r\n${text}\r\nEND:VCARD\r\n`),
  XML: parseXml,
  'keys.dat': (text) => readKeysDat(bytes(text)),
  'knownnodes.dat': (text) => readKnownNodes(bytes(text)),
  'flags of an mbox': (text) => flagsOfMboxMail(body(`Status: ${folded(text)}`, '')),
  'mail, as it is': (text) => describeMessage(bytes(text)),
  'mail of many parts': (text) => describeMessage(body('Content-Type: multipart/mixed; boundary=b', text)),
  'mail in a mail': (text) => describeMessage(body('Content-Type: message/rfc822', text)),
  'header of a mail': (text) => {
    const value = folded(text);
    const names = ['Subject', 'From', 'Date', 'References', 'Content-Type', 'Content-Disposition', 'Content-Language'];
    return describeMessage(body(names.map((name) => `${name}: ${value}`).join('\r\n'), ''));
  },
  'preview of HTML': (text) => {
    const raw = body('Content-Type: text/html', text);
    return previewOf(raw, parsePartTree(raw));
  },
  'mail to send, HTML': (text) => readMail(body('Content-Type: text/html', text)),
  'mail to send, flowed': (text) => readMail(body('Content-Type: text/plain; format=flowed', text)),
  'mail to send, quoted-printable': (text) => readMail(body('Content-Transfer-Encoding: quoted-printable', text)),
  'mail to send, base64': (text) => readMail(body('Content-Transfer-Encoding: base64', text)),
  'mail to send, its header': (text) => readMail(body(`Subject: ${folded(text)}\r\nTo: ${folded(text)}`, '')),
};

// biome-ignore format: one line for each grammar
const PIECES = [
  'a', ' ', '  \n', '\t', '\r\n', '\n', '\n\n', '\0', '\xff', 'ß', 'İ', '.', 'x ', ' x\n', '=', '=\r\n', '=4', '=\n', '%', '%41', '\\', '\\"', '"', '"a" ',
  '(', '((', ')', ',', ';', ':', '<>', '@', 'a@', 'a@b,', '<b@c> ', 'g:a@b;', '=?', '=?utf-8?q?', '=?utf-8?q?a?= ', '=?utf-8?b?YQ==?= ', '; a=b', '; a*=b',
  '; a*0=b', '; "', '{', '[', '{"a":', '[[', '1,', 'Thu, ', '1 Jan 2020 ', '1 Jan 2020 10:', 'Re: ', '[a]', '[a] ', '[a] re: ', 'Fwd: (', '(fwd)', '[fwd: ',
  '>', '> ', '>\n', '>>', '- ', '-- \r\n', '--b', '--b\r\n', '--b\r\n\r\n', '--b--\r\n', 'a: b\r\n', 'Content-Type: message/rfc822\r\n\r\n',
  'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n', 'BEGIN:VCARD\r\n', 'FN;a="b":c\r\n', 'From \n', '[a]\n', 'a=b\n', '-----', '----- Message',
  '\n------------------------------------------------------\n', '\n----- Original Message -----\n', 'wrote:\n', 'http://', 'BM-', 'bitmessage:', '<', '<a', '<a ', '</',
  '</a>', '<!--', '-->', '<!', '<?', '<![CDATA[', '<b><i>', '<div>', '<p>', '<li>', '<table><tr>', '<a href="', '<a b=c ', '<a b="c" ', '<style>', '<script>',
  '<img src="data:image/png;base64,', 'data:image', '&', '&amp', '&#x', '&#1;', '&#99999999999;',
];

describe('text that strangers wrote', () => {
  for (const [name, read] of Object.entries(READERS)) {
    it(`${name}: one piece over and over is read in time`, () => {
      for (const piece of PIECES) {
        const text = piece.repeat(Math.ceil(LONG_CHARACTERS / piece.length));
        const before = processorMs();
        answer(read, text);
        const took = processorMs() - before;
        assert.ok(took < MAX_MS, `${JSON.stringify(piece)}: ${took} ms`);
      }
    }).timeout(60_000);
  }

  const random = generator();
  for (const [name, read] of Object.entries(READERS)) {
    it(`${name}: pieces in any order have an answer (POSTERN_SEED=${random.seed})`, () => {
      for (let round = 0; round < 300; round++) {
        answer(read, Array.from({ length: random.below(40) }, () => random.pick(PIECES)).join(''));
      }
    });
  }

  it(`a mail in pieces has parts that lie within it, each within the one around it (POSTERN_SEED=${random.seed})`, () => {
    for (let round = 0; round < 2_000; round++) {
      const raw = bytes(Array.from({ length: random.below(60) }, () => random.pick(PIECES)).join(''));
      const tree = parsePartTree(raw);
      assert.equal(tree.headerStart, 0);
      assert.equal(tree.bodyEnd, raw.length);
      assertNested(tree);
    }
  });
});

/** @throws whatever the reader throws, unless it is how it refuses */
function answer(read: (text: string) => unknown, text: string): void {
  try {
    read(text);
  } catch (error) {
    if (!(error instanceof MigrationRefusal)) throw new Error(`${JSON.stringify(text.slice(0, 200))}: ${String(error)}`, { cause: error });
  }
}

function assertNested({ headerStart, headerEnd, bodyEnd, children }: Part): void {
  assert.ok(headerStart <= headerEnd && headerEnd <= bodyEnd, `${headerStart} ${headerEnd} ${bodyEnd}`);
  let end = headerEnd;
  for (const child of children) {
    assert.ok(
      child.headerStart >= end && child.bodyEnd <= bodyEnd,
      `${child.headerStart}-${child.bodyEnd} in ${headerEnd}-${bodyEnd} after ${end}`,
    );
    end = child.bodyEnd;
    assertNested(child);
  }
}
