/**
 * Mails as they lie in real folders: headers of some KB that gateways and mailing lists have written on, texts with their HTML,
 * attachments, conversations. Made of their number alone, so each is the same whenever it is asked for.
 */
import { type Generator, generator } from '../../test/support/random.js';
import { COMMON, RARE } from './messages.js';

/** 25 KB on average, from 5 to 60. */
export function realisticMail(index: number): Buffer {
  const numbers = generator(index);
  const [contentFields, body] = content(numbers, index);
  return Buffer.from([...tracing(numbers, index), ...fields(numbers, index), ...contentFields, '', body].join('\r\n'), 'latin1');
}

/** Of so many mails one conversation is made. */
const PER_THREAD = 12;
const MAX_REFERENCES = 10;

const PEOPLE = ['Jürgen Groß', 'Anna Schmidt', 'Zoë Dupont', 'Bob Jones', 'Иван', 'List Owner'];
const SUBJECTS = ['Übung am Freitag', 'Invoice of the month', 'Agenda', 'Résumé of the talk', 'Release notes'];
const WORDS = Array.from(
  { length: 5000 },
  (_, number) => ['', 'ä', 'ing', 'word', 'st'][number % 5] + ((number * 7919) % 60_013).toString(36),
);

function person(number: number): string {
  const name = PEOPLE[number % PEOPLE.length];
  const address = `<person${number % 97}@mail${number % 13}.example.org>`;
  return isAscii(name) ? `"${name}" ${address}` : `=?UTF-8?Q?${quotedPrintable(utf8(name)).replaceAll(' ', '_')}?= ${address}`;
}

/** What servers on the way write on a mail. */
function tracing(numbers: Generator, index: number): string[] {
  const date = dateOf(index);
  const host = (): string => `mx${numbers.below(90)}.hosts${numbers.below(90)}.example.net`;
  const received = Array.from(
    { length: 3 + numbers.below(4) },
    () =>
      `Received: from ${host()} (${host()} [192.0.2.${numbers.below(255)}])\r\n\tby ${host()} with ESMTPS id ${random(numbers, 18)}\r\n` +
      `\t(version=TLS1_3 cipher=TLS_AES_256_GCM_SHA384 bits=256/256);\r\n\t${date}`,
  );
  const signature = (name: string, selector: string): string =>
    `${name}: ${name.startsWith('ARC') ? 'i=1; ' : 'v=1; '}a=rsa-sha256; c=relaxed/relaxed; d=example.net; s=${selector};\r\n` +
    `        h=to:subject:message-id:date:from:mime-version:list-unsubscribe:reply-to;\r\n        bh=${random(numbers, 44)};\r\n` +
    `        b=${Array.from({ length: 5 }, () => random(numbers, 68)).join('\r\n         ')}`;
  return [
    `Return-Path: <bounce+${random(numbers, 24)}@example.net>`,
    'Delivered-To: me@example.org',
    ...received,
    ...['ARC-Seal', 'ARC-Message-Signature'].map((name) => signature(name, 'arc-20240605')),
    `ARC-Authentication-Results: i=1; mx.example.org;\r\n       dkim=pass header.i=@example.net header.s=s1 header.b=${random(numbers, 8)};\r\n       spf=pass smtp.mailfrom=bounce@example.net`,
    `Authentication-Results: mx.example.org;\r\n       dkim=pass header.i=@example.net header.s=s1;\r\n       dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=example.net`,
    ...['s1', '20230601'].slice(numbers.below(2)).map((selector) => signature('DKIM-Signature', selector)),
    `X-Gm-Message-State: ${random(numbers, 68)}\r\n\t${random(numbers, 68)}`,
    `X-Google-Smtp-Source: ${random(numbers, 60)}`,
    `X-MS-Exchange-Organization-Network-Message-Id: ${random(numbers, 36)}`,
    `X-MS-Exchange-AntiSpam-MessageData-0: ${Array.from({ length: numbers.below(20) }, () => random(numbers, 68)).join('\r\n ')}`,
    'X-Spam-Status: No, score=-2.1 required=5.0 tests=BAYES_00,DKIM_SIGNED,\r\n\tDKIM_VALID,HTML_MESSAGE autolearn=ham version=4.0.0',
  ];
}

function fields(numbers: Generator, index: number): string[] {
  const first = index - (index % PER_THREAD);
  const before = Array.from({ length: index - first }, (_, at) => messageId(first + at)).slice(-MAX_REFERENCES);
  const subject = `${before.length > 0 ? 'Re: ' : ''}${SUBJECTS[(first / PER_THREAD) % SUBJECTS.length]} ${first / PER_THREAD}`;
  const others = Array.from({ length: numbers.below(8) }, () => person(numbers.below(500)));
  const list = index % 3 === 0 ? `list${index % 30}.example.org` : null;
  return [
    'MIME-Version: 1.0',
    `From: ${person(numbers.below(500))}`,
    `To: ${['me@example.org', ...others.slice(0, 3)].join(',\r\n\t')}`,
    ...(others.length > 3 ? [`Cc: ${others.slice(3).join(',\r\n\t')}`] : []),
    `Subject: ${isAscii(subject) ? subject : `=?UTF-8?B?${Buffer.from(subject).toString('base64')}?=`}`,
    `Date: ${dateOf(index)}`,
    `Message-ID: ${messageId(index)}`,
    ...(before.length > 0 ? [`In-Reply-To: ${before.at(-1)}`, `References: ${before.join('\r\n\t')}`] : []),
    ...(list === null
      ? []
      : [
          `List-Id: <${list}>`,
          `List-Post: <mailto:post@${list}>`,
          `List-Unsubscribe: <mailto:leave@${list}>,\r\n\t<https://${list}/leave>`,
        ]),
    'User-Agent: Mozilla Thunderbird',
  ];
}

/** The fields that describe it, and the body. */
function content(numbers: Generator, index: number): [fields: string[], body: string] {
  const kind = numbers.below(100);
  const text = prose(numbers, index, 2000 + numbers.below(6000));
  if (kind < 25) return [['Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: 8bit'], text];
  if (kind < 35) {
    return [
      ['Content-Type: text/plain; charset="utf-8"; format=flowed', 'Content-Transfer-Encoding: quoted-printable'],
      quotedPrintable(text),
    ];
  }
  const both = alternative(numbers, text);
  if (kind < 75) return both;
  const attachment = [
    'Content-Type: application/pdf; name="=?UTF-8?Q?Angebot_M=C3=A4rz=2Epdf?="',
    `Content-Disposition: attachment; filename*=utf-8''Angebot%20M%C3%A4rz%20${index}.pdf; size=30000`,
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from(numbers.bytes(8000 + numbers.below(22_000)))
      .toString('base64')
      .replace(/.{76}/g, '$&\r\n'),
  ].join('\r\n');
  const forwarded = ['Content-Type: message/rfc822', '', ...fields(numbers, index + 1), ...both[0], '', both[1]].join('\r\n');
  return multipart('mixed', numbers, [[...both[0], '', both[1]].join('\r\n'), kind < 95 ? attachment : forwarded]);
}

function alternative(numbers: Generator, text: string): [fields: string[], body: string] {
  const paragraphs = text.split('\r\n').map((line) => `<p style="margin: 0; font-family: sans-serif; color: #333333">${line}</p>`);
  return multipart('alternative', numbers, [
    `Content-Type: text/plain; charset="UTF-8"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n${text}`,
    `Content-Type: text/html; charset="UTF-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${quotedPrintable(`<html><body>${paragraphs.join('\r\n')}</body></html>`)}`,
  ]);
}

function multipart(subtype: string, numbers: Generator, parts: readonly string[]): [fields: string[], body: string] {
  const boundary = `----=_Part_${random(numbers, 24)}`;
  const body = [...parts.map((part) => `--${boundary}\r\n${part}`), `--${boundary}--`, ''].join('\r\n');
  return [[`Content-Type: multipart/${subtype};\r\n\tboundary="${boundary}"`], body];
}

/** Lines of words. */
function prose(numbers: Generator, index: number, length: number): string {
  const words: string[] = [];
  for (let size = 0; size < length; size += words.at(-1)!.length + 1) words.push(WORDS[Math.min(numbers.below(5000), numbers.below(5000))]);
  if (index % 1000 === 7) words.splice(75, 0, RARE);
  if (index % 3 === 0) words.splice(50, 0, COMMON);
  return utf8(words.join(' ').replace(/(.{60,70}) /g, '$1\r\n'));
}

function quotedPrintable(text: string): string {
  const escaped = text.replace(/[^\r\n -<>-~]/g, (byte) => `=${byte.charCodeAt(0).toString(16).toUpperCase()}`);
  return escaped.replace(/(?:=..|[^=\r\n]){60}(?=[^\r\n])/g, '$&=\r\n');
}

function messageId(index: number): string {
  return `<${index}.${(index * 7919) % 99_991}@mail${index % 13}.example.org>`;
}

function dateOf(index: number): string {
  return new Date(1_700_000_000_000 + index * 600_000).toUTCString().replace('GMT', '+0000');
}

const CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function random({ below }: Generator, length: number): string {
  return Array.from({ length }, () => CHARACTERS[below(CHARACTERS.length)]).join('');
}

/** A character for each byte. */
function utf8(text: string): string {
  return Buffer.from(text).toString('latin1');
}

function isAscii(text: string): boolean {
  return !/[^ -~]/.test(text);
}
