/** Trial decryption of many objects with all our keys. Pure; some 30 microseconds for each pair of them (bench/open.ts), so it runs in a thread. */
import { type Address, formatAddress } from '../crypto/address.js';
import { type OpenedBroadcast, openBroadcast, prepareSubscriptions, type Subscriptions } from '../objects/broadcast.js';
import { type OpenedMsg, openMsg, prepareRecipients, type Recipient, type Recipients } from '../objects/msg.js';
import { toHex } from '../wire/bytes.js';
import { readObjectHeader } from '../wire/object.js';
import { OBJECT_BROADCAST, OBJECT_MSG } from '../wire/params.js';

/** What we can open: messages to these recipients, broadcasts of these authors. */
export interface OpenKeys {
  readonly recipients: readonly Recipient[];
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

/** Answers requests; keeps what it prepared from the keys of the last one, since the same ones come with every request. */
export function createOpener(): (request: OpenRequest) => readonly Opened[] {
  const recipientsOf = remember(prepareRecipients, ({ ripe, encryptionPrivateKey }) => `${toHex(ripe)} ${toHex(encryptionPrivateKey)}`);
  const subscriptionsOf = remember(prepareSubscriptions, formatAddress);
  return (request) => {
    const recipients = recipientsOf(request.recipients);
    const subscriptions = subscriptionsOf(request.authors);
    return request.objects.map((object) => {
      try {
        return open(object, recipients, subscriptions);
      } catch (error) {
        return { type: 'failed', message: error instanceof Error ? error.message : String(error) };
      }
    });
  };
}

function open(object: Uint8Array, recipients: Recipients, subscriptions: Subscriptions): Opened {
  const { type } = readObjectHeader(object);
  const msg = type === OBJECT_MSG ? openMsg(object, recipients) : undefined;
  if (msg !== undefined) return { type: 'msg', opened: msg };
  const broadcast = type === OBJECT_BROADCAST ? openBroadcast(object, subscriptions) : undefined;
  return broadcast === undefined ? { type: 'none' } : { type: 'broadcast', opened: broadcast };
}

/** Prepares a list again only when it is another one than the last. */
function remember<Item, Prepared>(
  prepare: (items: readonly Item[]) => Prepared,
  nameOf: (item: Item) => string,
): (items: readonly Item[]) => Prepared {
  let last: { readonly names: readonly string[]; readonly prepared: Prepared } | undefined;
  return (items) => {
    const names = items.map(nameOf);
    const same = last !== undefined && names.length === last.names.length && names.every((name, index) => name === last?.names[index]);
    if (last === undefined || !same) last = { names, prepared: prepare(items) };
    return last.prepared;
  };
}
