/** Objects for benchmarks: payloads of mixed length, random or encrypted, under real proof of work, kept in a file between runs if wanted. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { systemClock } from '../src/base/clock.js';
import { CIPHER_BLOCK_BYTES, encrypt, readEciesBlock } from '../src/bitmessage/crypto/ecies.js';
import { inventoryHash } from '../src/bitmessage/crypto/hash.js';
import { randomPrivateKey } from '../src/bitmessage/crypto/key-search.js';
import { publicKeyOf } from '../src/bitmessage/crypto/keys.js';
import { concat } from '../src/bitmessage/wire/bytes.js';
import { type HashKey, hashKey } from '../src/bitmessage/wire/inv.js';
import { objectBody, readObjectHeader, withNonce } from '../src/bitmessage/wire/object.js';
import { OBJECT_MSG } from '../src/bitmessage/wire/params.js';
import { openEngine } from '../src/pow/engines.js';
import { initialHash, target } from '../src/pow/target.js';

export interface ObjectPlan {
  readonly count: number;
  /** Of each payload on average; between a half and one and a half of it. */
  readonly bytes: number;
  /** Nonce trials per byte, and extra bytes. */
  readonly difficulty: number;
  /** Encrypted for somebody: then each is tried with every key. Random bytes are seen to be none at once. */
  readonly encrypted?: boolean;
  /** Objects that expire too soon are not taken from the file. */
  readonly file?: string | undefined;
}

const TTL_SECONDS = 3 * 3600;
/** A run is over within this. */
const MIN_LEFT_SECONDS = 1800;
const LENGTH_BYTES = 4;
/** To draw one takes longer than all else. */
const EPHEMERAL_KEYS = 100;

export function benchObjects({ count, bytes, difficulty, encrypted = false, file }: ObjectPlan): Map<HashKey, Uint8Array> {
  const objects = new Map<HashKey, Uint8Array>();
  const keep = (object: Uint8Array): unknown => objects.set(hashKey(inventoryHash(object)), object);
  if (file !== undefined && existsSync(file)) for (const object of readObjects(file).slice(0, count)) keep(object);
  if (objects.size < count) process.stderr.write(`making ${count - objects.size} objects\n`);
  const engine = openEngine('simd');
  const fields = { expiresAt: systemClock.now() + TTL_SECONDS, type: OBJECT_MSG, version: 1n, stream: 1n };
  const sealed = Array.from({ length: EPHEMERAL_KEYS }, () => encrypt(new Uint8Array(1), publicKeyOf(randomPrivateKey())));
  while (objects.size < count) {
    const content = randomBytes(Math.round(bytes * (0.5 + Math.random())));
    const body = objectBody(fields, encrypted ? likeSealed(sealed[objects.size % EPHEMERAL_KEYS]!, content) : content);
    const limit = target({ lengthBytes: body.length + 8, ttlSeconds: TTL_SECONDS, nonceTrialsPerByte: difficulty, extraBytes: difficulty });
    engine.prepare(initialHash(body), limit);
    let nonce: bigint | null = null;
    for (let first = 0n; nonce === null; first += 100_000n) nonce = engine.search(first, 100_000);
    keep(withNonce(nonce, body));
  }
  if (file !== undefined) writeObjects(file, [...objects.values()]);
  return objects;
}

/** Behind an ephemeral key whatever is a whole number of cipher blocks long is tried with every key, and opens with none. */
function likeSealed(sealed: Uint8Array, content: Uint8Array): Uint8Array {
  const { ciphertext, mac } = readEciesBlock(sealed);
  const before = sealed.subarray(0, sealed.length - ciphertext.length - mac.length);
  const whole = content.length - (content.length % CIPHER_BLOCK_BYTES);
  return concat(before, content.subarray(0, whole), mac);
}

function randomBytes(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  // getRandomValues fills 64 KB at most.
  for (let start = 0; start < length; start += 65_536) crypto.getRandomValues(bytes.subarray(start, start + 65_536));
  return bytes;
}

function readObjects(file: string): Uint8Array[] {
  const all = readFileSync(file);
  const objects: Uint8Array[] = [];
  for (let at = 0; at < all.length; ) {
    const length = all.readUInt32BE(at);
    objects.push(new Uint8Array(all.subarray(at + LENGTH_BYTES, at + LENGTH_BYTES + length)));
    at += LENGTH_BYTES + length;
  }
  return objects.filter((object) => readObjectHeader(object).expiresAt > systemClock.now() + MIN_LEFT_SECONDS);
}

function writeObjects(file: string, objects: readonly Uint8Array[]): void {
  const parts = objects.flatMap((object) => {
    const length = Buffer.alloc(LENGTH_BYTES);
    length.writeUInt32BE(object.length);
    return [length, object];
  });
  writeFileSync(file, Buffer.concat(parts));
}
