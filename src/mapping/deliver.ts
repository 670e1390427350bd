/** Flow 2: a message that opened becomes a mail, exactly once, on the disk before anybody is told. */
import type { BitmessageNode, ReceivedMessage } from '../bitmessage/node.js';
import { composeMail } from '../mime/compose-mail.js';
import type { Database } from '../store/database.js';
import type { ThreadMember } from '../store/links/conversations.js';
import type { Links } from '../store/links/links.js';
import type { Mailbox, Mailboxes } from '../store/mail/types.js';
import type { Readings } from '../store/readings.js';
import type { Words } from '../words/words.js';
import type { Blocking } from './blocking.js';
import { type ChanLimitBook, countedDay, isBeyond } from './chan-limits.js';
import { isCopy } from './duplicates.js';
import type { Groups } from './groups.js';
import type { Labels } from './labels.js';
import { toListPost } from './list-post.js';
import { readsAs } from './reading.js';
import { isAnswer, referencesTo, threadBetween, threadWithin } from './threading.js';
import { digestOf, messageIdOf, type ReadContent, readContent, toMail } from './to-mail.js';

export interface DelivererRooms {
  readonly database: Database;
  readonly mailboxes: Mailboxes;
  readonly links: Links;
  readonly node: BitmessageNode;
  readonly groups: Groups;
  readonly labels: Labels;
  readonly readings: Readings;
  readonly blocking: Blocking;
  readonly chanLimits: ChanLimitBook;
  readonly words: Words;
}

/** Where what cannot be shown goes, so that it is neither lost nor in the way. */
const RECOVERED = 'Recovered';

export class Deliverer {
  /** @param options how long a list post lives where its list does not say */
  constructor(
    private readonly options: { readonly ttlSeconds: number },
    private readonly rooms: DelivererRooms,
  ) {}

  /** NodeListener.deliver. Resolves when the mail is committed; a message that has come before, also one that was expunged since, changes nothing. */
  async deliver(message: ReceivedMessage): Promise<void> {
    const { database, links, labels, mailboxes } = this.rooms;
    // Encoding 0 means: not to be shown.
    if (message.encoding === 0 || this.rooms.blocking.refuses(message) || this.#isKnown(message)) return;
    const read = readContent(message, this.rooms.words);
    const subject = read.readable ? read.content.subject : '';
    const thread =
      message.chan || message.kind === 'broadcast' ? threadWithin(message.to, subject) : threadBetween(message.from, message.to, subject);
    const member = this.#parent(message.from, read, thread);
    const parent = member === null ? null : { messageId: member.messageId, references: referencesTo(member) };
    const raw = await composeMail(
      toMail(message, read, { label: (address) => labels.of(address), trust: labels.trust(message.from), parent }),
    );
    database.transaction(() => {
      if (this.#isKnown(message)) return;
      const isBeyond = this.#isBeyondLimits(message);
      const folder = isBeyond ? mailboxes.find('Junk')! : this.#folderFor(message, read);
      // A broadcast is for whoever subscribes: the house, not one identity.
      const identity = message.kind === 'broadcast' ? '' : message.to;
      mailboxes.append(folder.id, [{ raw, flags: isBeyond ? ['$Junk'] : [], internalDate: message.receivedAt, identity }]);
      links.received.add({
        objectHash: message.objectHash,
        signatureHash: message.signatureHash,
        contentDigest: digestOf(message),
        messageId: messageIdOf(message),
        thread,
        references: parent?.references ?? '',
        sender: message.from,
        recipient: message.to,
        receivedAt: message.receivedAt,
        expiresAt: message.expiresAt,
      });
      this.#learn(message, read);
      this.#broadcastAgain(message, read);
    });
  }

  /** Such a post is not lost, but not in the way either. One's own posts never are. */
  #isBeyondLimits({ chan, from, to, content, expiresAt }: ReceivedMessage): boolean {
    const isOwn = from !== to && this.rooms.node.identities().some(({ address }) => address === from);
    if (!chan || isOwn) return false;
    return isBeyond(this.rooms.chanLimits.of(to), {
      bytes: content.length,
      earlier: this.rooms.links.received.count(to, countedDay(expiresAt)),
    });
  }

  /** What the sender's program reads. A broadcast may be the words of somebody else; a chan's own voice is everybody's. */
  #learn({ kind, from, to, encoding }: ReceivedMessage, read: ReadContent): void {
    if (kind !== 'message' || from === to || !read.readable) return;
    const reads = readsAs(encoding, read.content);
    if (reads !== null) this.rooms.readings.see(from, reads);
  }

  /** What comes to a mailing list goes to its subscribers, in the transaction that takes it: once. Broadcasts never do, so nothing goes round. */
  #broadcastAgain({ kind, chan, from, to, encoding, receivedAt }: ReceivedMessage, read: ReadContent): void {
    const list = kind === 'message' && !chan ? this.rooms.node.identities().find(({ address }) => address === to) : undefined;
    if (list === undefined || list.mailingList === null || !read.readable) return;
    const content = toListPost({ content: read.content, encoding, from, at: receivedAt }, list.mailingList);
    this.rooms.node.enqueue({ kind: 'broadcast', from: to, to, encoding, content, ttlSeconds: list.ttlSeconds || this.options.ttlSeconds });
  }

  #isKnown(message: ReceivedMessage): boolean {
    const { links } = this.rooms;
    return (
      links.received.isDelivered(message.objectHash, message.signatureHash) ||
      (message.kind === 'message' && links.received.copiesOf(digestOf(message)).some((earlier) => isCopy(message, earlier)))
    );
  }

  /** What the message answers: as it says itself, else the newest mail of the same people and subject. */
  #parent(from: string, read: ReadContent, thread: string): ThreadMember | null {
    const { links } = this.rooms;
    if (!read.readable) return null;
    for (const hash of read.content.parents) {
      const member = links.conversations.memberByObject(hash);
      if (member !== undefined && this.#hasRead(from, member)) return member;
    }
    return isAnswer(read.content.subject) ? (links.conversations.newestOfThread(thread) ?? null) : null;
  }

  /** Hashes are public: a stranger may name one of a conversation that is not theirs. */
  #hasRead(reader: string, { from, to }: { readonly from: string; readonly to: string }): boolean {
    const isBroadcast = from === to;
    return (
      isBroadcast || reader === from || reader === to || this.rooms.node.identities().some(({ chan, address }) => chan && address === to)
    );
  }

  #folderFor(message: ReceivedMessage, read: ReadContent): Mailbox {
    const { groups, mailboxes, node } = this.rooms;
    if (!read.readable) {
      if (mailboxes.find(RECOVERED)?.selectable !== true) {
        mailboxes.create(RECOVERED);
        mailboxes.subscribe(RECOVERED);
      }
      return mailboxes.find(RECOVERED)!;
    }
    if (message.kind === 'broadcast') {
      const label = node.subscriptions().find(({ address }) => address === message.to)?.label ?? '';
      return groups.ensureFolder({ kind: 'subscription', address: message.to, label });
    }
    if (message.chan) {
      const label = node.identities().find(({ address }) => address === message.to)?.label ?? '';
      return groups.ensureFolder({ kind: 'chan', address: message.to, label });
    }
    return mailboxes.find('INBOX')!;
  }
}
