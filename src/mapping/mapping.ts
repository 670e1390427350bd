/** Puts the flows together: what the gateway hands to the SMTP server, the IMAP server, the node and control. */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../base/clock.js';
import type { Logger } from '../base/log.js';
import type { KeyVault } from '../bitmessage/key-vault.js';
import type { BitmessageNode, NodeListener } from '../bitmessage/node.js';
import type { AddressBooks } from '../carddav/address-books.js';
import type { FolderRules } from '../imap/folder-rules.js';
import { composeMail } from '../mime/compose-mail.js';
import type { Submission } from '../smtp/submission.js';
import { ChanLimitTable } from '../store/chan-limits.js';
import { Contacts } from '../store/contacts.js';
import type { Database } from '../store/database.js';
import { HeldMail } from '../store/held-mail.js';
import { Links } from '../store/links/links.js';
import type { Messages } from '../store/mail/message-types.js';
import type { Mailboxes } from '../store/mail/types.js';
import { SenderLists } from '../store/node/sender-lists.js';
import { Orders } from '../store/orders.js';
import { Readings } from '../store/readings.js';
import { Spellings } from '../store/spellings.js';
import type { Words } from '../words/words.js';
import { MAIL_DOMAIN } from './address.js';
import { MappedAddressBooks } from './address-books.js';
import { type Accept, Blocking } from './blocking.js';
import { Caretaker } from './caretaker.js';
import { ChanLimitBook, type ChanLimits, DEFAULT_CHAN_LIMITS } from './chan-limits.js';
import { ContactBook } from './contacts.js';
import { Deliverer } from './deliver.js';
import { Dispatcher, type DispatcherOptions } from './dispatch.js';
import { Folders } from './folders.js';
import { Groups } from './groups.js';
import { Holder } from './holder.js';
import { Labels } from './labels.js';
import { NamecoinNames, type NamecoinNamesRooms } from './namecoin-names.js';
import { NamedIdentities } from './named-identities.js';
import { type Clerk, OrderDesk } from './order-desk.js';
import { Outbox } from './outbox.js';
import { Scheduled } from './scheduled.js';
import { Speller } from './speller.js';
import { Status } from './status.js';
import { Submitter } from './submit.js';
import { DEFAULT_TTL_SECONDS } from './ttl.js';
import { welcomeMail } from './welcome.js';

export interface MappingRooms {
  readonly database: Database;
  readonly mailboxes: Mailboxes;
  readonly messages: Messages;
  readonly node: BitmessageNode;
  readonly vault: KeyVault;
  readonly clock: Clock;
  readonly log: Logger;
  /** Knows what can be ordered by mail. */
  readonly clerk: Clerk;
  /** In the language of whoever gets the mails. */
  readonly words: Words;
}

export interface MappingOptions extends DispatcherOptions {
  /** Whose messages are taken; default: everybody's who is not blocked. */
  readonly accept?: Accept;
  /** Looks up Namecoin names, where that is configured. */
  readonly namecoin?: NamecoinNamesRooms['resolver'];
  /** Of chans for which nothing else was said. */
  readonly chanLimits?: ChanLimits;
}

export class Mapping {
  readonly submission: Submission;
  readonly folderRules: FolderRules;
  /** What the node is built with. */
  readonly listener: NodeListener;
  readonly groups: Groups;
  readonly contacts: ContactBook;
  readonly blocking: Blocking;
  readonly scheduled: Scheduled;
  readonly readings: Readings;
  readonly chanLimits: ChanLimitBook;
  readonly addressBooks: AddressBooks;
  readonly speller: Speller;
  readonly namedIdentities: NamedIdentities;
  readonly #status: Status;
  readonly #links: Links;
  readonly #holder: Holder;
  readonly #orderDesk: OrderDesk;
  readonly #caretaker: Caretaker;

  constructor(
    options: MappingOptions,
    private readonly rooms: MappingRooms,
  ) {
    const links = new Links(rooms.database);
    const groups = new Groups({ ...rooms, links });
    const contacts = new Contacts(rooms.database);
    const labels = new Labels({ ...rooms, links, contacts });
    const blocking = new Blocking(
      { accept: options.accept ?? 'all' },
      { ...rooms, links, contacts, senderLists: new SenderLists(rooms.database) },
    );
    this.readings = new Readings(rooms.database);
    this.chanLimits = new ChanLimitBook(options.chanLimits ?? DEFAULT_CHAN_LIMITS, new ChanLimitTable(rooms.database));
    const heldMail = new HeldMail(rooms.database);
    const outbox = new Outbox({ ...rooms, links, heldMail });
    const status = new Status({ ...rooms, links, outbox });
    const deliverer = new Deliverer(
      { ttlSeconds: options.ttlSeconds ?? DEFAULT_TTL_SECONDS },
      { ...rooms, links, groups, labels, blocking, readings: this.readings, chanLimits: this.chanLimits },
    );
    const spellings = new Spellings(rooms.database);
    const dispatcher = new Dispatcher(options, { ...rooms, links, labels, outbox, spellings, readings: this.readings });
    this.#caretaker = new Caretaker({ ...rooms, groups });
    this.#holder = new Holder({ ...rooms, heldMail, dispatcher });
    const speller = new Speller({ ...rooms, heldMail, spellings, released: () => this.#holder.look() });
    this.#orderDesk = new OrderDesk({ ...rooms, orders: new Orders(rooms.database) });
    this.submission = new NamecoinNames({
      submission: new Submitter({ ...rooms, groups, dispatcher, holder: this.#holder, orderDesk: this.#orderDesk, speller }),
      resolver: options.namecoin ?? null,
    });
    this.folderRules = new Folders({ ...rooms, links, groups, labels, outbox, blocking });
    this.listener = {
      deliver: (message) => deliverer.deliver(message),
      outgoingChanged: async (message) => {
        await status.changed(message);
        await speller.heard(message);
      },
    };
    this.groups = groups;
    this.contacts = new ContactBook({ ...rooms, contacts, labels });
    this.blocking = blocking;
    this.scheduled = new Scheduled({ ...rooms, heldMail, outbox, speller });
    this.addressBooks = new MappedAddressBooks({ ...rooms, groups, folderRules: this.folderRules, contacts: this.contacts });
    this.speller = speller;
    this.namedIdentities = new NamedIdentities(rooms);
    this.#status = status;
    this.#links = links;
  }

  /** After the identities are there and before any port is open: folders, what the last run left undone, the welcome mail. */
  async start(): Promise<void> {
    this.groups.ensureFolders();
    await this.#status.reconcile();
    await this.#welcome();
    this.#holder.start();
    this.speller.start();
    this.#caretaker.start();
  }

  /** Once everything that an order can ask for is there. */
  serveOrders(): void {
    this.#orderDesk.start();
  }

  /** Nothing is touched any more once this resolves; the listener must not be called again. */
  async stop(): Promise<void> {
    await Promise.all([this.#holder.stop(), this.speller.stop(), this.#caretaker.stop(), this.#orderDesk.stop()]);
  }

  async #welcome(): Promise<void> {
    const { clock, database, mailboxes, node, words } = this.rooms;
    const identity = node.identities().find(({ chan }) => !chan);
    if (identity === undefined) return;
    const raw = await composeMail(
      welcomeMail({ address: identity.address, now: clock.now(), messageId: `<${randomUUID()}@${MAIL_DOMAIN}>` }, words),
    );
    database.transaction(() => {
      if (!this.#links.sayOnce('welcome')) return;
      const inbox = mailboxes.find('INBOX')!;
      mailboxes.append(inbox.id, [{ raw, flags: [], internalDate: clock.now(), identity: identity.address }]);
    });
  }
}
