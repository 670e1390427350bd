/** Makes a mail of a message that another Bitmessage program kept as text, as mapping would have made it, and puts it where it belongs. */
import { createHash } from 'node:crypto';
import type { Identity, ReceivedMessage, Subscription } from '../bitmessage/node.js';
import { encodeContent } from '../bitmessage/wire/content.js';
import { MAIL_DOMAIN } from '../mapping/address.js';
import type { Groups } from '../mapping/groups.js';
import type { Labels } from '../mapping/labels.js';
import { isAnswer, referencesTo, threadBetween, threadWithin } from '../mapping/threading.js';
import { toMail } from '../mapping/to-mail.js';
import { composeMail } from '../mime/compose-mail.js';
import type { ThreadMember } from '../store/links/conversations.js';
import type { Links } from '../store/links/links.js';
import type { Mailboxes } from '../store/mail/types.js';

/** A message as the other program shows it. */
export interface ForeignText {
  readonly kind: 'message' | 'broadcast';
  /** Canonical addresses; of a broadcast both are the sender's. */
  readonly from: string;
  readonly to: string;
  readonly chan: boolean;
  readonly encoding: number;
  readonly subject: string;
  readonly body: string;
  readonly time: number;
}

export interface ComposedMail {
  readonly raw: Buffer;
  readonly messageId: string;
  readonly thread: string;
  readonly references: string;
}

export interface ForeignMailRooms {
  readonly mailboxes: Mailboxes;
  readonly links: Links;
  readonly labels: Labels;
  readonly groups: Groups;
}

/** Said by the node of what it has checked itself, or true only for what is still on the network. */
const OURS_ALONE = ['authentication-results', 'x-bitmessage-expires'];
const NO_HASH = new Uint8Array(32);
const READABLE_ENCODINGS = [1, 2, 3];

export class ForeignMail {
  /** Mails that are composed and not yet in the store: the next one may answer them. */
  readonly #pending = new Map<string, ThreadMember>();

  constructor(private readonly rooms: ForeignMailRooms) {}

  async compose(message: ForeignText, messageId: string, fields: readonly (readonly [string, string])[]): Promise<ComposedMail> {
    const { labels, links } = this.rooms;
    const { subject, from, to } = message;
    const thread = message.chan || message.kind === 'broadcast' ? threadWithin(to, subject) : threadBetween(from, to, subject);
    const member = isAnswer(subject) ? (this.#pending.get(thread) ?? links.conversations.newestOfThread(thread)) : undefined;
    const parent = member === undefined ? null : { messageId: member.messageId, references: referencesTo(member) };
    const content = { subject, body: message.body, parents: [], files: [] };
    const draft = toMail(
      toReceived(message),
      { readable: true, content },
      { label: (address) => labels.of(address), trust: 'known', parent },
    );
    const kept = (draft.fields ?? []).filter(([name]) => !OURS_ALONE.includes(name.toLowerCase()));
    const raw = await composeMail({ ...draft, date: message.time, messageId, fields: [...kept, ...fields] });
    const references = parent?.references ?? '';
    this.#pending.set(thread, { messageId, references });
    return { raw, messageId, thread, references };
  }

  /** What was composed so far is in the store. */
  committed(): void {
    this.#pending.clear();
  }

  /** The folder for what came; inside the caller's transaction. */
  folderFor(message: ForeignText, house: { identities: readonly Identity[]; subscriptions: readonly Subscription[] }): number {
    const { groups, mailboxes } = this.rooms;
    const { kind, to: address } = message;
    const group = (kind === 'broadcast' ? house.subscriptions : house.identities.filter(({ chan }) => chan)).find(
      (candidate) => candidate.address === address,
    );
    if (group === undefined) return mailboxes.find('INBOX')!.id;
    return groups.ensureFolder({ kind: kind === 'broadcast' ? 'subscription' : 'chan', address, label: group.label }, { passphrase: '' })
      .id;
  }
}

/** The bytes that were on the network, as far as the text tells: exactly so for encodings 1 and 2. */
export function contentOf({ encoding, subject, body }: Pick<ForeignText, 'encoding' | 'subject' | 'body'>): Uint8Array {
  return encodeContent(READABLE_ENCODINGS.includes(encoding) ? encoding : 2, { subject, body, parents: [], files: [] });
}

/** A Message-ID that is the same at every import, and tells nothing of what it is made of. */
export function derivedMessageId(...parts: readonly (Uint8Array | string)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\n');
  return `<${hash.digest('hex').slice(0, 40)}@${MAIL_DOMAIN}>`;
}

function toReceived({ kind, from, to, chan, encoding, time }: ForeignText): ReceivedMessage {
  const unknown = { content: new Uint8Array(0), objectHash: NO_HASH, signatureHash: NO_HASH, expiresAt: time };
  return { kind, from, to, chan, encoding, receivedAt: time, ...unknown };
}
