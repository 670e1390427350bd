/** What a msg or broadcast says: subject, body, threads and attachments, in the encodings 0 to 3. */
import { deflateSync, inflateSync } from 'node:zlib';
import { DecodeError } from './bytes.js';
import { decodeUtf8, type MsgpackMap, type MsgpackValue, msgpack, readMsgpack, toText } from './msgpack.js';

export const ENCODING_IGNORE = 0;
/** The body alone. */
export const ENCODING_TRIVIAL = 1;
/** "Subject:" and "Body:", which everybody reads. */
export const ENCODING_SIMPLE = 2;
/** msgpack in zlib, with attachments and threads. */
export const ENCODING_EXTENDED = 3;

export interface Attachment {
  readonly name: string;
  /** MIME type, as the sender gave it. */
  readonly type: string;
  readonly disposition: 'inline' | 'attachment';
  readonly data: Uint8Array;
}

export interface MessageContent {
  readonly subject: string;
  readonly body: string;
  /** Inventory hashes of the messages that this one answers. */
  readonly parents: readonly Uint8Array[];
  readonly files: readonly Attachment[];
}

export type DecodedContent =
  | { readonly kind: 'message'; readonly content: MessageContent }
  /** Encoding 0: not to be shown. */
  | { readonly kind: 'ignore' }
  /** An encoding that nobody knows yet. */
  | { readonly kind: 'unknown' };

/** Subjects are cut here, at the end of a character, when written and when read (PyBitmessage helper_msgcoding.py). */
export const MAX_SUBJECT_BYTES = 500;
/** An object cannot carry more. */
const MAX_COMPRESSED_BYTES = 262_144;
/** Whatever compresses it: PyBitmessage inflates no more. Text needs no more either. */
const MAX_TEXT_BYTES = 1_048_576;
/** With attachments: 8 MiB inflate in some 20 ms. */
const MAX_INFLATED_BYTES = 8_388_608;
/** Past the first MiB what was sent must be at least a hundredth of what it becomes; text files reach 20. */
const MAX_RATIO = 100;
const MAX_FILES = 64;
const MAX_PARENTS = 1_024;
const HASH_BYTES = 32;

const SUBJECT_PREFIX = 'Subject:';
const BODY_MARK = '\nBody:';

/** Writes a message. Attachments and parents travel in the extended encoding alone. @throws RangeError for others */
export function encodeContent(encoding: number, { subject, body, parents, files }: MessageContent): Uint8Array {
  if (encoding === ENCODING_EXTENDED) return encodeExtended({ subject: oneLine(subject), body, parents, files });
  if (parents.length > 0 || files.length > 0) throw new RangeError(`encoding ${encoding} has no attachments and no parents`);
  if (encoding === ENCODING_SIMPLE) return utf8(`${SUBJECT_PREFIX}${oneLine(subject)}${BODY_MARK}${body}`);
  if (encoding === ENCODING_TRIVIAL) return utf8(body);
  throw new RangeError(`encoding ${encoding} cannot be written`);
}

/**
 * Reads a message. Encodings 1 and 2 cannot fail: whatever it is, it is text.
 *
 * Spec: PROTOCOL 4.4
 * @throws DecodeError when the extended encoding is malformed, is something else than a message, or passes a limit
 */
export function decodeContent(encoding: number, bytes: Uint8Array): DecodedContent {
  switch (encoding) {
    case ENCODING_IGNORE:
      return { kind: 'ignore' };
    case ENCODING_TRIVIAL: // PyBitmessage reads both with one routine
    case ENCODING_SIMPLE:
      return { kind: 'message', content: decodeSimple(bytes) };
    case ENCODING_EXTENDED:
      return { kind: 'message', content: decodeExtended(bytes) };
    default:
      return { kind: 'unknown' };
  }
}

/**
 * The subject is what stands between byte 8 and the first "Body:" line, of which the first line; "Subject:" itself is not looked
 * for. Without a "Body:" line everything is the body.
 */
function decodeSimple(bytes: Uint8Array): MessageContent {
  const mark = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(BODY_MARK);
  // At index 0 or 1 it is no mark to PyBitmessage, and so not to us.
  if (mark <= 1) return { subject: '', body: decodeUtf8(bytes), parents: [], files: [] };
  const subject = cutSubject(bytes.subarray(SUBJECT_PREFIX.length, Math.max(mark, SUBJECT_PREFIX.length)));
  return { subject: firstLine(subject), body: decodeUtf8(bytes.subarray(mark + BODY_MARK.length)), parents: [], files: [] };
}

function encodeExtended({ subject, body, parents, files }: MessageContent): Uint8Array {
  const message = new Map<string, MsgpackValue>([
    ['', 'message'],
    ['subject', shownText(subject)],
    ['body', shownText(body)],
  ]);
  if (parents.length > 0) message.set('parents', parents);
  if (files.length > 0) message.set('files', files.map(toMap));
  return new Uint8Array(deflateSync(msgpack(message), { level: 9 }));
}

/** PyBitmessage shows a str that is not ASCII as empty. Jabit wants str, also as a file's name, at which PyBitmessage does not look. */
function shownText(text: string): MsgpackValue {
  const bytes = utf8(text);
  return bytes.length === text.length ? text : bytes;
}

function toMap({ name, data, type, disposition }: Attachment): MsgpackMap {
  return new Map<string, MsgpackValue>([
    ['name', name],
    ['data', data],
    ['type', type],
    ['disposition', disposition],
  ]);
}

function decodeExtended(bytes: Uint8Array): MessageContent {
  const inflated = inflate(bytes);
  const message = readMsgpack(inflated);
  // A fixed word, never looked up: in 2018 the name of the type ran as code (CVE-2018-1000070).
  if (!(message instanceof Map) || toText(message.get('')) !== 'message') throw new DecodeError('not a message');
  const files = listOf(message.get('files'), MAX_FILES).flatMap(toAttachment);
  if (files.length === 0 && inflated.length > MAX_TEXT_BYTES) throw new DecodeError(`text of more than ${MAX_TEXT_BYTES} bytes`);
  return {
    // As in encoding 2: a header field of some megabytes would be all that a mail program sees.
    subject: cutSubject(utf8(toText(message.get('subject')) ?? '')),
    body: toText(message.get('body')) ?? '',
    parents: listOf(message.get('parents'), MAX_PARENTS).filter(isHash),
    files,
  };
}

function inflate(bytes: Uint8Array): Uint8Array {
  if (bytes.length > MAX_COMPRESSED_BYTES) throw new DecodeError(`${bytes.length} compressed bytes`);
  const most = Math.min(MAX_INFLATED_BYTES, Math.max(MAX_TEXT_BYTES, bytes.length * MAX_RATIO));
  try {
    return inflateSync(bytes, { maxOutputLength: most });
  } catch (error) {
    throw new DecodeError('cannot be decompressed', { cause: error });
  }
}

/** What is no list counts as an empty one: a message with an odd field is still a message. */
function listOf(value: MsgpackValue | undefined, limit: number): readonly MsgpackValue[] {
  if (!Array.isArray(value)) return [];
  if (value.length > limit) throw new DecodeError(`a list of ${value.length}`);
  return value as readonly MsgpackValue[];
}

function isHash(value: MsgpackValue): value is Uint8Array {
  return value instanceof Uint8Array && value.length === HASH_BYTES;
}

function toAttachment(value: MsgpackValue): Attachment[] {
  if (!(value instanceof Map)) return [];
  const file = value as MsgpackMap;
  const data = file.get('data');
  if (!(data instanceof Uint8Array) && typeof data !== 'string') return [];
  return [
    {
      name: toText(file.get('name')) ?? '',
      type: toText(file.get('type')) ?? 'application/octet-stream',
      disposition: toText(file.get('disposition')) === 'inline' ? 'inline' : 'attachment',
      data: typeof data === 'string' ? utf8(data) : data,
    },
  ];
}

/** A subject is one line: line ends become blanks. */
function oneLine(subject: string): string {
  return cutSubject(utf8(subject.replace(/\r\n|[\r\n]/g, ' ')));
}

function firstLine(text: string): string {
  return /^[^\r\n]*/.exec(text)?.[0] ?? '';
}

/** At most 500 bytes, without a piece of a character at the end. */
function cutSubject(bytes: Uint8Array): string {
  if (bytes.length <= MAX_SUBJECT_BYTES) return decodeUtf8(bytes);
  let end = MAX_SUBJECT_BYTES;
  // A character has at most 3 continuation bytes (10xxxxxx); more of them are no UTF-8 anyway.
  while (end > MAX_SUBJECT_BYTES - 4 && ((bytes[end] as number) & 0xc0) === 0x80) end--;
  return decodeUtf8(bytes.subarray(0, end));
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
