/** Bytes of strangers, changed with their structure in mind, for every reader of them that is a function: it answers or refuses, soon. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { deflateSync, inflateSync } from 'node:zlib';
import { continueScram, decodePlain, deriveScramKeys, finishScram, readScramFirst } from '../../src/access/sasl.js';
import { readTar, TarError, writeTar } from '../../src/backup/tar.js';
import { DecodeError } from '../../src/bitmessage/wire/bytes.js';
import { decodeContent, encodeContent } from '../../src/bitmessage/wire/content.js';
import { decodeAddr, decodeError, decodeVersion, encodeAddr, encodeError, encodeVersion } from '../../src/bitmessage/wire/messages.js';
import { readMsgpack } from '../../src/bitmessage/wire/msgpack.js';
import { parseXml } from '../../src/carddav/xml.js';
import { ConfigError, loadConfig } from '../../src/config.js';
import { parseMessageUrl } from '../../src/imap/wire/message-url.js';
import { readMbox } from '../../src/migration/formats/mbox.js';
import { readCard, writeCard } from '../../src/mime/vcard.js';
import { versionMessage } from './nodes.js';
import { processorMs } from './processor-time.js';
import { type Generator, generator } from './random.js';

interface Reader {
  readonly name: string;
  /** What a friend would send. */
  readonly whole: Buffer;
  readonly read: (bytes: Buffer) => unknown;
  /** How it refuses; null: it never does. */
  readonly refusal: (new (...words: never[]) => Error) | null;
}

export interface ReaderFuzz {
  readonly answered: number;
  readonly refused: number;
  /** Processor time, of the input that took the longest. */
  readonly slowestMs: number;
}

const INPUTS_PER_TURN = 50;
const LENGTHS = [0x00, 0x01, 0x7f, 0x80, 0x90, 0xc1, 0xd9, 0xdb, 0xdd, 0xdf, 0xfc, 0xfd, 0xfe, 0xff];
const PIECES = [
  '\0',
  '\r\n',
  '\n',
  '"',
  '[',
  ']',
  '=',
  '{',
  '}',
  '%',
  '\\u0000',
  '<!--',
  '<![CDATA[',
  '&#0;',
  'n=',
  'r=',
  ',',
  'From ',
  'e999',
  '-1',
  '9'.repeat(30),
];

/** So many inputs for each reader. @throws with the seed and the input, for any other error than how that one refuses */
export async function fuzzReaders(count: number, seed: number): Promise<Map<string, ReaderFuzz>> {
  const random = generator(seed);
  const results = new Map<string, ReaderFuzz>();
  for (const { name, whole, read, refusal } of await readers()) {
    let refused = 0;
    let slowestMs = 0;
    for (let turn = 0; turn < count; turn++) {
      // As between packets of a network: what zlib has used is given back between two turns.
      if (turn % INPUTS_PER_TURN === 0) await nextTurn();
      const bytes = mutate(whole, random);
      const startedAt = processorMs();
      try {
        await read(bytes);
      } catch (error) {
        if (refusal === null || !(error instanceof refusal))
          throw new Error(`seed ${seed}, ${name}: ${bytes.toString('hex')}`, { cause: error });
        refused++;
      }
      slowestMs = Math.max(slowestMs, processorMs() - startedAt);
    }
    results.set(name, { answered: count - refused, refused, slowestMs });
  }
  return results;
}

async function readers(): Promise<Reader[]> {
  const content = {
    subject: 's',
    body: 'b',
    parents: [Buffer.alloc(32, 1)],
    files: [{ name: 'a', type: 'text/plain', disposition: 'inline', data: Buffer.from('x') }],
  } as const;
  const packed = inflateSync(encodeContent(3, content));
  const address = { services: 1n, host: '1.2.3.4', port: 8444 };
  const scram = deriveScramKeys('secret', Buffer.from('salt'), 1);
  const reader = (
    name: string,
    whole: Uint8Array | string,
    read: (bytes: Buffer) => unknown,
    refusal: Reader['refusal'] = null,
  ): Reader => ({
    name,
    whole: Buffer.from(whole as Uint8Array),
    read,
    refusal,
  });
  return [
    reader('content 1', 'text', (bytes) => decodeContent(1, bytes)),
    reader('content 2', 'Subject:x\nBody:y', (bytes) => decodeContent(2, bytes)),
    reader('content 3, packed', encodeContent(3, content), (bytes) => decodeContent(3, bytes), DecodeError),
    reader('content 3, before it is packed', packed, (bytes) => decodeContent(3, deflateSync(bytes)), DecodeError),
    reader('msgpack', packed, readMsgpack, DecodeError),
    reader('version', encodeVersion(versionMessage()), decodeVersion, DecodeError),
    reader('addr', encodeAddr([{ ...address, time: 1n, stream: 1 }]), decodeAddr, DecodeError),
    reader('error', encodeError({ fatal: 2, banSeconds: 1n, inventoryVector: new Uint8Array(0), text: 'x' }), decodeError, DecodeError),
    reader(
      'tar',
      await tar(),
      async (bytes) => {
        for await (const { body } of readTar(inChunks(bytes))) for await (const _ of body);
      },
      TarError,
    ),
    reader('mbox', 'From a Sat Nov 21 23:00:00 2026\nSubject: x\n\n>From y\n\nFrom b\nX: y\n', async (bytes) => {
      for await (const _ of readMbox(inChunks(bytes), () => {}));
    }),
    reader(
      'TOML',
      '[imap]\nport = 1143\n[texts]\nlanguage = "de"\n',
      (bytes) => loadConfig({ file: { name: 'config.toml', text: bytes.toString() } }),
      ConfigError,
    ),
    reader('SCRAM', 'n,,n=user,r=abcdef', (bytes) => {
      const first = readScramFirst(bytes.toString());
      if (first !== null) finishScram(continueScram(first, scram, 'server'), `c=biws,r=abcdefserver,p=${bytes.toString('base64')}`);
    }),
    reader('PLAIN', '\0user\0password', decodePlain),
    reader('XML', '<a:b xmlns:a="DAV:" c="d"><a:e>f</a:e></a:b>', (bytes) => parseXml(bytes.toString())),
    reader('vCard', 'BEGIN:VCARD\r\nVERSION:3.0\r\nUID:1\r\nFN:A B\r\nEMAIL;TYPE=x:a@b\r\nNOTE:a\\nb\r\nEND:VCARD\r\n', (bytes) => {
      const card = readCard(bytes.toString());
      if (card !== null && readCard(writeCard(card)) === null) throw new Error('what was written is not read');
    }),
    reader('message URL', '/INBOX;UIDVALIDITY=1/;UID=20/;SECTION=1.2/;PARTIAL=0.1024', (bytes) =>
      parseMessageUrl(bytes.toString('latin1')),
    ),
  ];
}

async function tar(): Promise<Buffer> {
  async function* files(): AsyncGenerator<{ name: string; size: number; body: AsyncIterable<Uint8Array> }> {
    yield { name: 'backup.json', size: 5, body: inChunks(Buffer.from('hello')) };
    yield { name: 'certificates/a', size: 600, body: inChunks(Buffer.alloc(600)) };
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of writeTar(files(), 1)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function* inChunks(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += 1000) yield bytes.subarray(start, start + 1000);
}

function mutate(whole: Buffer, { below, bytes, pick }: Generator): Buffer {
  let changed = Buffer.from(whole);
  for (let times = 1 + below(5); times > 0; times--) {
    const at = below(changed.length + 1);
    const [before, after] = [changed.subarray(0, at), changed.subarray(at)];
    switch (below(6)) {
      case 0:
        changed = Buffer.concat([before, bytes(below(100)), after]);
        break;
      case 1:
        changed = Buffer.from(before);
        break;
      case 2:
        changed = Buffer.concat([before, Buffer.from(pick(PIECES)), after]);
        break;
      case 3:
        changed = Buffer.concat([before, after.subarray(below(after.length + 1))]);
        break;
      case 4:
        changed = Buffer.concat([changed, after]);
        break;
      default:
        changed = Buffer.concat([before, Uint8Array.of(below(2) === 0 ? pick(LENGTHS) : below(256)), after.subarray(1)]);
    }
  }
  return changed;
}
