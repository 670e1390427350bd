/** Mails of many languages, charsets and forms, put together at random: what SEARCH, SORT and THREAD are compared over. */
import type { Generator } from './random.js';

export interface SearchedMail {
  readonly raw: Buffer;
  readonly flags: readonly string[];
  /** INTERNALDATE, seconds. */
  readonly receivedAt: number;
}

const WORDS = [
  'invoice',
  'Meeting',
  'RE: agenda',
  'quagmire',
  'Straße',
  'naïve',
  'Ärger',
  'élève',
  'Привет',
  'мир',
  'こんにちは',
  '世界',
  'γειά',
  'Łódź',
  'a-b_c',
  '100%',
  'x@y.org',
  'Donaudampfschifffahrtsgesellschaftskapitän'.repeat(3),
  'two  blanks',
  '=equals=',
  '"quoted"',
];
/** Charsets, and the words that they can say. */
const CHARSETS: readonly (readonly [name: string, encode: (text: string) => Buffer, can: RegExp])[] = [
  ['utf-8', (text) => Buffer.from(text), /^/],
  ['iso-8859-1', (text) => Buffer.from(text, 'latin1'), /^[\s!-~¡-ÿ]*$/],
  ['us-ascii', (text) => Buffer.from(text, 'latin1'), /^[\s!-~]*$/],
  ['koi8-r', encodeKoi8, /^[\s!-~А-Яа-я]*$/],
  ['windows-1252', (text) => Buffer.from(text, 'latin1'), /^[\s!-~¡-ÿ]*$/],
];

export function searchedMails(numbers: Generator, count: number): SearchedMail[] {
  return Array.from({ length: count }, (_, index) => ({
    raw: mail(numbers, index),
    flags: ['\\Seen', '\\Flagged', '\\Answered', '\\Draft', '\\Deleted', 'kw', 'Other'].filter(() => numbers.below(4) === 0),
    receivedAt: 1_420_070_400 + numbers.below(40) * 43_200 + numbers.below(40_000),
  }));
}

/** Words to look for: whole ones, pieces of them, and some that are nowhere. */
export function searchedText({ pick, below }: Generator): string {
  const word = [...pick(WORDS)];
  const start = below(word.length);
  const text = below(3) === 0 ? word.join('') : word.slice(start, start + 1 + below(6)).join('');
  const cased = [text, text.toUpperCase(), text.toLowerCase()][below(3)];
  return below(12) === 0 ? `${cased}zz` : cased;
}

function mail(numbers: Generator, index: number): Buffer {
  const { below, pick } = numbers;
  const phrase = (): string => Array.from({ length: 1 + below(3) }, () => pick(WORDS)).join(' ');
  const lines = [
    // Headers as servers on the way make them: long ones are read otherwise.
    ...(below(3) === 0
      ? Array.from({ length: 40 }, () => `Received: from mx${below(9)}.x.org\r\n\tby ${ascii(phrase())} with ESMTPS`)
      : []),
    `From: ${pick(['', 'Jo Doe ', '"Doe, Jo" ', `${encodedWord(numbers, pick(WORDS))} `])}<${pick(['jo', 'ann.lee', 'postmaster'])}@${pick(['x.org', 'example.com'])}>`,
    `To: ${pick(['me@here.net', 'me@here.net, "Else" <else@there.net>', 'group: a@b.org, c@d.org;'])}`,
    ...(below(3) === 0 ? [`Cc: ${encodedWord(numbers, pick(WORDS))} <cc${below(5)}@x.org>`] : []),
    ...(below(8) === 0
      ? []
      : [`Subject: ${pick(['', 'Re: ', 'Fwd: ', '[list] '])}${below(2) === 0 ? ascii(phrase()) : encodedWord(numbers, phrase())}`]),
    ...(below(10) === 0
      ? []
      : [
          `Date: ${pick(['Thu, 1', 'Fri, 2', 'Wed, 14'])} Jan 2015 ${10 + below(13)}:${10 + below(50)}:${10 + below(50)} ${pick(['+0000', '-0800', '+0930'])}`,
        ]),
    ...(below(10) === 0 ? [] : [`Message-ID: <${index}@x.org>`]),
    ...(below(2) === 0 ? [`References: ${Array.from({ length: 1 + below(3) }, () => `<${below(index + 5)}@x.org>`).join('\r\n ')}`] : []),
    ...(below(3) === 0 ? [`X-Folded: ${ascii(phrase())}\r\n ${ascii(phrase())}\r\n\t${ascii(phrase())}`] : []),
    'MIME-Version: 1.0',
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n`, 'latin1'), body(numbers, phrase)]);
}

function body(numbers: Generator, phrase: () => string): Buffer {
  const { below } = numbers;
  switch (below(5)) {
    case 0:
      return part(numbers, `<html><body><p>${phrase()}</p><b>${phrase()}</b></body></html>`, 'html');
    case 1:
      return multipart('alternative', [part(numbers, phrase(), 'plain'), part(numbers, `<p>${phrase()}</p>`, 'html')]);
    case 2:
      return multipart('mixed', [
        part(numbers, phrase(), 'plain'),
        Buffer.from(
          `Content-Type: application/octet-stream; name="${ascii(phrase())}.bin"\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(phrase()).toString('base64')}\r\n`,
        ),
      ]);
    default:
      return part(numbers, Array.from({ length: 1 + below(4) }, phrase).join('\r\n'), 'plain');
  }
}

function multipart(kind: string, parts: readonly Buffer[]): Buffer {
  const pieces = parts.flatMap((each) => [Buffer.from('--=_b\r\n'), each, Buffer.from('\r\n')]);
  return Buffer.concat([Buffer.from(`Content-Type: multipart/${kind}; boundary="=_b"\r\n\r\n`), ...pieces, Buffer.from('--=_b--\r\n')]);
}

function part(numbers: Generator, text: string, kind: 'plain' | 'html'): Buffer {
  const [charset, encode] = numbers.pick(CHARSETS.filter(([, , can]) => can.test(text)));
  const bytes = encode(text);
  const encoding = numbers.pick(['8bit', 'base64', 'quoted-printable']);
  const encoded =
    encoding === '8bit'
      ? bytes
      : encoding === 'base64'
        ? Buffer.from(bytes.toString('base64').replace(/.{76}/g, '$&\r\n'))
        : Buffer.from(quotedPrintable(bytes));
  return Buffer.concat([
    Buffer.from(`Content-Type: text/${kind}; charset=${charset}\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n`),
    encoded,
    Buffer.from('\r\n'),
  ]);
}

function encodedWord({ pick, below }: Generator, text: string): string {
  const [charset, encode] = pick(CHARSETS.filter(([, , can]) => can.test(text)));
  // Of whole characters, so that each word stands for itself.
  const pieces = text.match(/.{1,12}/gu) ?? [''];
  const words = pieces.map((piece) => {
    const bytes = encode(piece);
    if (below(2) === 0) return `=?${charset}?B?${bytes.toString('base64')}?=`;
    return `=?${charset}?Q?${[...bytes].map((byte) => (byte === 0x20 ? '_' : /[A-Za-z0-9]/.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : hex(byte))).join('')}?=`;
  });
  return words.join('\r\n ');
}

function quotedPrintable(bytes: Buffer): string {
  let line = '';
  let text = '';
  for (const [index, byte] of bytes.entries()) {
    const isPlain =
      (byte > 0x20 && byte < 0x7f && byte !== 0x3d) || (byte === 0x20 && bytes[index + 1] !== 0x0d && index + 1 < bytes.length);
    if (byte === 0x0d || byte === 0x0a) {
      if (byte === 0x0a) {
        text += `${line}\r\n`;
        line = '';
      }
      continue;
    }
    const next = isPlain ? String.fromCharCode(byte) : hex(byte);
    if (line.length + next.length > 75) {
      text += `${line}=\r\n`;
      line = '';
    }
    line += next;
  }
  return text + line;
}

function hex(byte: number): string {
  return `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

function ascii(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, 'u');
}

const KOI8 = 'юабцдефгхийклмнопярстужвьызшэщчъЮАБЦДЕФГХИЙКЛМНОПЯРСТУЖВЬЫЗШЭЩЧЪ';

function encodeKoi8(text: string): Buffer {
  return Buffer.from([...text].map((letter) => (KOI8.includes(letter) ? 0xc0 + KOI8.indexOf(letter) : letter.charCodeAt(0))));
}
