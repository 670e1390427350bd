/** Received messages of PyBitmessage become mails: in their folders, with their dates, read where they were read. */
import { createHash } from 'node:crypto';
import type { UnixSeconds } from '../base/clock.js';
import { decodeAddress, formatAddress } from '../bitmessage/crypto/address.js';
import type { BitmessageNode, Identity } from '../bitmessage/node.js';
import type { Takeover } from '../bitmessage/takeover.js';
import { digestOf, messageIdOf } from '../mapping/to-mail.js';
import type { ForeignInboxRow } from '../store/foreign/pybitmessage.js';
import type { Imports } from '../store/imports.js';
import type { Links } from '../store/links/links.js';
import type { Mailboxes } from '../store/mail/types.js';
import { type ComposedMail, contentOf, type ForeignMail, type ForeignText } from './foreign-mail.js';
import type { Outcome } from './report.js';

export interface ReceivedMailRooms {
  readonly mail: ForeignMail;
  readonly imports: Imports;
  readonly links: Links;
  readonly mailboxes: Mailboxes;
  readonly node: BitmessageNode;
  readonly takeover: Takeover;
}

export interface PreparedReceived {
  readonly row: ForeignInboxRow;
  readonly message: ForeignText;
  readonly composed: ComposedMail;
  readonly signatureHash: Uint8Array;
}

/** What PyBitmessage writes in the place of a broadcast's recipient. */
const BROADCAST_RECIPIENT = '[Broadcast subscribers]';
const KIND = 'inbox';
const HASH_BYTES = 32;
/** The life of its object is not written down; PyBitmessage's default says when a copy of it counts as a resend. */
const USUAL_TTL_SECONDS = 367_200;

export class ReceivedMail {
  constructor(private readonly rooms: ReceivedMailRooms) {}

  isKnown(row: ForeignInboxRow): boolean {
    return this.rooms.imports.has(KIND, row.msgid) || this.rooms.links.received.isDelivered(objectHashOf(row), signatureHashOf(row));
  }

  /** Undefined when the addresses are none. */
  async prepare(row: ForeignInboxRow): Promise<PreparedReceived | undefined> {
    const message = toForeignText(row, row.received, this.rooms.node.identities());
    if (message === undefined) return undefined;
    const signatureHash = signatureHashOf(row);
    const fields = [['X-Imported-From', 'PyBitmessage']] as const;
    const composed = await this.rooms.mail.compose(message, messageIdOf({ signatureHash }), fields);
    return { row, message, composed, signatureHash };
  }

  /** Inside the caller's transaction. */
  store({ row, message, composed, signatureHash }: PreparedReceived): Outcome {
    const { imports, links, mail, mailboxes, node, takeover } = this.rooms;
    if (!imports.claim(KIND, row.msgid) || links.received.isDelivered(objectHashOf(row), signatureHash)) return 'known';
    const house = { identities: node.identities(), subscriptions: node.subscriptions() };
    const folder = row.folder === 'trash' ? mailboxes.find('Trash')!.id : mail.folderFor(message, house);
    const identity = message.kind === 'broadcast' ? '' : message.to;
    mailboxes.append(folder, [{ raw: composed.raw, flags: row.read ? ['\\Seen'] : [], internalDate: row.received, identity }]);
    const content = contentOf(message);
    links.received.add({
      objectHash: objectHashOf(row),
      signatureHash,
      contentDigest: digestOf({ ...message, content }),
      messageId: composed.messageId,
      thread: composed.thread,
      references: composed.references,
      sender: message.from,
      recipient: message.to,
      receivedAt: row.received,
      expiresAt: row.received + USUAL_TTL_SECONDS,
    });
    takeover.received({ signatureHash, content, from: message.from, to: message.to, encoding: message.encoding, receivedAt: row.received });
    return 'taken';
  }
}

/** With or without "BM-"; undefined for what is no address. */
export function canonical(text: string): string | undefined {
  const decoded = decodeAddress(text);
  return decoded.status === 'success' ? formatAddress(decoded.address) : undefined;
}

/** What inbox and sent rows have in common; undefined when an address is none. */
export function toForeignText(
  row: Pick<ForeignInboxRow, 'fromAddress' | 'toAddress' | 'encodingType' | 'subject' | 'message'>,
  time: UnixSeconds,
  identities: readonly Identity[],
): ForeignText | undefined {
  const from = canonical(row.fromAddress);
  const isBroadcast = row.toAddress === BROADCAST_RECIPIENT;
  const to = isBroadcast ? from : canonical(row.toAddress);
  if (from === undefined || to === undefined) return undefined;
  return {
    kind: isBroadcast ? 'broadcast' : 'message',
    from,
    to,
    chan: !isBroadcast && identities.some(({ chan, address }) => chan && address === to),
    encoding: row.encodingType,
    subject: row.subject,
    body: row.message,
    time,
  };
}

/** Rows from before schema 9 have none, and signatures are not kept: a name that no signature has. */
function signatureHashOf(row: ForeignInboxRow): Uint8Array {
  return row.sighash.length === HASH_BYTES ? row.sighash : createHash('sha256').update('unknown signature').update(row.msgid).digest();
}

function objectHashOf(row: ForeignInboxRow): Uint8Array {
  return row.msgid.length === HASH_BYTES ? row.msgid : createHash('sha256').update('unknown object').update(row.msgid).digest();
}
