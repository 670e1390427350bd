/** Whose messages are taken: the black list, the white list, and what moving mail to Junk and back says about its sender. */
import type { BitmessageNode, ReceivedMessage } from '../bitmessage/node.js';
import type { Contacts } from '../store/contacts.js';
import type { Links } from '../store/links/links.js';
import type { Messages } from '../store/mail/message-types.js';
import type { Mailboxes } from '../store/mail/types.js';
import type { ListedSender, SenderLists } from '../store/node/sender-lists.js';

/** 'known': messages of people whom the owner knows, and of nobody else. */
export type Accept = 'all' | 'known';

export interface BlockingRooms {
  readonly senderLists: SenderLists;
  readonly contacts: Contacts;
  readonly links: Links;
  readonly mailboxes: Mailboxes;
  readonly messages: Messages;
  readonly node: BitmessageNode;
}

const JUNK_FOLDER = 'Junk';
const TRASH_FOLDER = 'Trash';
/** RFC 9051 §2.3.2. */
const JUNK = '$Junk';
const NOT_JUNK = '$NotJunk';

export class Blocking {
  constructor(
    private readonly options: { readonly accept: Accept },
    private readonly rooms: BlockingRooms,
  ) {}

  blocked(): ListedSender[] {
    return this.rooms.senderLists.all('black').filter(({ enabled }) => enabled);
  }

  /** Answers false for an address that is one's own: nobody blocks himself. */
  block(address: string): boolean {
    const { contacts, node, senderLists } = this.rooms;
    if (node.identities().some((identity) => identity.address === address)) return false;
    // A row that another program kept switched off counts again.
    senderLists.remove('black', address);
    senderLists.add('black', { address, label: contacts.labelOf(address) ?? '', enabled: true });
    return true;
  }

  /** Answers false when it was not blocked. */
  unblock(address: string): boolean {
    const wasBlocked = this.rooms.senderLists.has('black', address);
    this.rooms.senderLists.remove('black', address);
    return wasBlocked;
  }

  /** How the node is to regard an address: friends need no more work than the network demands, who is blocked gets no ack. */
  standing(address: string): 'friend' | 'stranger' | 'blocked' {
    const { contacts, senderLists } = this.rooms;
    if (senderLists.has('black', address)) return 'blocked';
    if (contacts.find(address) !== undefined || senderLists.has('white', address)) return 'friend';
    return this.options.accept === 'known' && !this.#isCorrespondent(address) ? 'blocked' : 'stranger';
  }

  /** PROTOCOL 4.6: the lists speak about messages, not about broadcasts. In a chan, where all are strangers, the black list alone counts. */
  refuses({ kind, chan, from }: Pick<ReceivedMessage, 'kind' | 'chan' | 'from'>): boolean {
    if (kind === 'broadcast' || this.rooms.node.identities().some((identity) => identity.address === from)) return false;
    return chan ? this.rooms.senderLists.has('black', from) : this.standing(from) === 'blocked';
  }

  /** Whether `learn` has something to learn from mail that goes this way. */
  learnsFrom(from: string, to: string): boolean {
    return from !== to && (to === JUNK_FOLDER || (from === JUNK_FOLDER && !isIn(to, TRASH_FOLDER)));
  }

  /** Into Junk: the senders are blocked. Out of it, but not into Trash: they are free again. Inside the caller's transaction. */
  learn(from: string, to: string, uids: readonly number[]): void {
    if (!this.learnsFrom(from, to)) return;
    const isJunk = to === JUNK_FOLDER;
    const { mailboxes } = this.rooms;
    const folder = mailboxes.find(from);
    if (folder === undefined) return;
    for (const entry of mailboxes.entries(folder.id, uids)) {
      const sender = this.#senderOf(entry.messageId);
      if (sender === null) continue;
      if (isJunk) this.block(sender);
      else this.unblock(sender);
    }
    mailboxes.setFlags(folder.id, uids, 'remove', [isJunk ? NOT_JUNK : JUNK]);
    mailboxes.setFlags(folder.id, uids, 'add', [isJunk ? JUNK : NOT_JUNK]);
  }

  /** Null: not a message that somebody sent us; a broadcast, which is ended by unsubscribing; a chan's own voice, which is everybody's. */
  #senderOf(contentId: number): string | null {
    const { links, messages } = this.rooms;
    const received = links.received.addressesOf(messages.describe(contentId).messageIdHeader);
    return received === undefined || received.sender === received.recipient ? null : received.sender;
  }

  /** Who was written to may answer; whose broadcasts one reads is no stranger. */
  #isCorrespondent(address: string): boolean {
    const { links, node } = this.rooms;
    return links.conversations.hasWrittenTo(address) || node.subscriptions().some((subscription) => subscription.address === address);
  }
}

function isIn(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
