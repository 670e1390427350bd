/** Trial decryption of many objects with all our keys. Pure; half a millisecond for each pair of them, so it runs in a thread. */
import type { KeyObject } from 'node:crypto';
import { type Address, addressKey, addressTag } from '../crypto/address.js';
import { importPrivateKey } from '../crypto/keys.js';
import { type OpenedBroadcast, openBroadcast } from '../objects/broadcast.js';
import { type OpenedMsg, openMsg } from '../objects/msg.js';
import { toHex } from '../wire/bytes.js';
import { readObjectHeader } from '../wire/object.js';
import { OBJECT_BROADCAST, OBJECT_MSG } from '../wire/params.js';

/** What we can open: messages to these recipients, broadcasts of these authors. */
export interface OpenKeys {
  readonly recipients: readonly { readonly ripe: Uint8Array; readonly encryptionPrivateKey: Uint8Array }[];
  readonly authors: readonly Address[];
}

export interface OpenRequest extends OpenKeys {
  readonly objects: readonly Uint8Array[];
}

export type Opened =
  | { readonly type: 'msg'; readonly opened: OpenedMsg }
  | { readonly type: 'broadcast'; readonly opened: OpenedBroadcast }
  /** For none of our keys. */
  | { readonly type: 'none' }
  /** A fault of ours that this object has found; the others of the request are not touched by it. */
  | { readonly type: 'failed'; readonly message: string };

/** Answers requests; keeps the prepared keys of the last one, since the same ones come with every request. */
export function createOpener(): (request: OpenRequest) => readonly Opened[] {
  let prepared = new Map<string, KeyObject>();
  return ({ recipients, authors, objects }) => {
    const before = prepared;
    prepared = new Map();
    const prepare = (privateKey: Uint8Array): KeyObject => {
      const name = toHex(privateKey);
      const key = before.get(name) ?? importPrivateKey(privateKey);
      prepared.set(name, key);
      return key;
    };
    const ours = recipients.map(({ ripe, encryptionPrivateKey }) => ({ ripe, encryptionKey: prepare(encryptionPrivateKey) }));
    const theirs = authors.map((address) => ({ address, tag: addressTag(address), key: prepare(addressKey(address)) }));
    return objects.map((object) => {
      try {
        const { type } = readObjectHeader(object);
        const msg = type === OBJECT_MSG ? openMsg(object, ours) : undefined;
        if (msg !== undefined) return { type: 'msg', opened: msg };
        const broadcast = type === OBJECT_BROADCAST ? openBroadcast(object, theirs) : undefined;
        return broadcast === undefined ? { type: 'none' } : { type: 'broadcast', opened: broadcast };
      } catch (error) {
        return { type: 'failed', message: error instanceof Error ? error.message : String(error) };
      }
    });
  };
}
