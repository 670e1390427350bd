/** Moving here from PyBitmessage, phase by phase; what an earlier run has done is passed over, so that it can be stopped at any moment. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../base/clock.js';
import { deterministicKeySearch, findKeys } from '../bitmessage/crypto/key-search.js';
import type { OpenNode } from '../bitmessage/node.js';
import { equalBytes } from '../bitmessage/wire/bytes.js';
import type { Groups } from '../mapping/groups.js';
import type { Labels } from '../mapping/labels.js';
import type { Contacts } from '../store/contacts.js';
import type { Database } from '../store/database.js';
import {
  type AddressTable,
  type ForeignAddressRow,
  ForeignDatabaseError,
  type MailTable,
  PybitmessageDatabase,
} from '../store/foreign/pybitmessage.js';
import type { Imports } from '../store/imports.js';
import type { Links } from '../store/links/links.js';
import type { Mailboxes } from '../store/mail/types.js';
import type { SenderLists } from '../store/node/sender-lists.js';
import type { Saying } from '../words/words.js';
import { inBatches, pages } from './batches.js';
import { openForeignDirectory } from './foreign-directory.js';
import { ForeignMail } from './foreign-mail.js';
import { CHAN_PREFIX, type KeysDatIdentity, readKeysDat } from './formats/keys-dat.js';
import { readKnownNodes } from './formats/known-nodes.js';
import { textOf } from './formats/python-config.js';
import { mapSettings } from './formats/settings.js';
import { canonical, type PreparedReceived, ReceivedMail } from './received-mail.js';
import { MigrationRefusal } from './refusal.js';
import { type ImportReport, type Outcome, Tally } from './report.js';
import { type PreparedSent, SentMail } from './sent-mail.js';

export interface ImportRooms {
  readonly database: Database;
  readonly mailboxes: Mailboxes;
  readonly links: Links;
  readonly contacts: Contacts;
  readonly imports: Imports;
  readonly senderLists: SenderLists;
  readonly labels: Labels;
  readonly groups: Groups;
  readonly node: OpenNode;
  readonly clock: Clock;
}

export interface ImportOptions {
  /** A private directory for copies. */
  readonly scratch: string;
  /** Send on what PyBitmessage had not finished sending. */
  readonly resume: boolean;
}

/** Told what is being done, a few times a second at most. */
export type Progress = (what: Saying) => void;

/** Objects are up to 262,144 bytes long: a page is 13 MB at the worst. */
const OBJECTS_PER_PAGE = 50;
const MAILS_PER_PAGE = 1000;
/** Composed together, then stored together. */
const MAILS_PER_STEP = 25;
const PROGRESS_MS = 250;
/** Composing does not wait for anything: others get their turn after so long. */
const TURN_MS = 20;

export class PybitmessageImport {
  readonly #tally = new Tally();
  readonly #mail: ForeignMail;
  readonly #received: ReceivedMail;
  readonly #sent: SentMail;
  /** Identities and subscriptions. */
  readonly #taken: string[] = [];
  #toldAt = 0;

  constructor(
    private readonly options: ImportOptions,
    private readonly rooms: ImportRooms,
    private readonly progress: Progress,
    private readonly signal: AbortSignal,
  ) {
    const { node } = rooms;
    this.#mail = new ForeignMail(rooms);
    const shared = { ...rooms, mail: this.#mail, takeover: node.takeover };
    this.#received = new ReceivedMail(shared);
    this.#sent = new SentMail(options, shared);
  }

  /** @throws MigrationRefusal, AbortError */
  async run(directory: string): Promise<ImportReport> {
    const files = await openForeignDirectory(directory, this.options.scratch);
    try {
      await this.#takeKeys(files.keysDat);
      if (files.knownNodes !== null) await this.#takeNodes(files.knownNodes);
      if (files.messagesPath !== null) await this.#takeDatabase(files.messagesPath);
      this.#lookBack();
      return this.#tally.report();
    } finally {
      await files.remove();
    }
  }

  async #takeKeys(bytes: Buffer): Promise<void> {
    const keys = readKeysDat(bytes);
    for (const { name, reason } of keys.damaged) {
      this.#tally.count('identities', 'refused');
      this.#tally.note(({ moving }) => moving.pybitmessage.notTaken(name, reason));
    }
    for (const identity of keys.identities) {
      this.signal.throwIfAborted();
      this.progress(({ moving }) => moving.pybitmessage.identity(identity.address));
      await this.#takeIdentity(identity);
      await nextTurn();
    }
    if (textOf(keys.settings, 'blackwhitelist') === 'white') {
      this.#tally.note(({ moving }) => moving.pybitmessage.whiteList);
    }
    for (const [key, value] of mapSettings(keys.settings).suggested)
      this.#tally.note(({ moving }) => moving.pybitmessage.setting(`${key} = ${value}`));
  }

  async #takeIdentity(identity: KeysDatIdentity): Promise<void> {
    const { node, groups, database } = this.rooms;
    const { address, chan } = identity;
    const passphrase = chan ? await this.#passphraseOf(identity) : null;
    const label = passphrase ?? identity.label;
    database.transaction(() => {
      const outcome = node.takeover.identity({ ...identity, label });
      this.#tally.count(chan ? 'chans' : 'identities', outcome);
      if (outcome !== 'refused') this.#taken.push(address);
      if (chan && outcome !== 'refused') groups.ensureFolder({ kind: 'chan', address, label }, { passphrase: passphrase ?? '' });
    });
    const { mailingList, gateway } = identity;
    if (mailingList !== null) this.#tally.note(({ moving }) => moving.pybitmessage.mailingList(address, mailingList));
    if (identity.gateway !== '') this.#tally.note(({ moving }) => moving.pybitmessage.emailGateway(address, gateway));
  }

  /** A chan's label is its passphrase, unless somebody changed it: the keys tell. */
  async #passphraseOf({ label, signingKey, encryptionKey }: KeysDatIdentity): Promise<string | null> {
    if (!label.startsWith(CHAN_PREFIX)) return null;
    const passphrase = label.slice(CHAN_PREFIX.length);
    const keys = await findKeys(deterministicKeySearch(Buffer.from(passphrase)), nextTurn);
    const isIt = equalBytes(keys.signingPrivateKey, signingKey) && equalBytes(keys.encryptionPrivateKey, encryptionKey);
    return isIt ? passphrase : null;
  }

  async #takeNodes(bytes: Buffer): Promise<void> {
    const read = readKnownNodes(bytes);
    if (read.kind === 'pickle') this.#tally.note(({ moving }) => moving.pybitmessage.oldNodes);
    if (read.kind === 'unreadable') this.#tally.note(({ moving }) => moving.pybitmessage.badNodes);
    if (read.kind !== 'nodes') return;
    const { takeover } = this.rooms.node;
    await inBatches(this.rooms.database, read.nodes, this.signal, (node) =>
      this.#tally.count('peers', takeover.node({ ...node, stream: BigInt(node.stream) })),
    );
  }

  async #takeDatabase(path: string): Promise<void> {
    const foreign = openDatabase(path);
    try {
      await this.#takeAddresses(foreign);
      await this.#takePubkeys(foreign);
      await this.#takeMails(foreign);
      await this.#takeObjects(foreign);
      if (!foreign.isFull) this.#tally.note(({ moving }) => moving.pybitmessage.oldMessages);
    } catch (error) {
      throw refusalOf(error);
    } finally {
      foreign.close();
    }
  }

  async #takeAddresses(foreign: PybitmessageDatabase): Promise<void> {
    const { contacts, database, groups, node, senderLists } = this.rooms;
    await inBatches(database, this.#addresses(foreign, 'subscriptions'), this.signal, ({ address, label, enabled }) => {
      const subscribed = canonical(address);
      const outcome = node.takeover.subscription({ address, label, enabled });
      this.#tally.count('subscriptions', outcome);
      if (subscribed === undefined || outcome === 'refused') return;
      this.#taken.push(subscribed);
      groups.ensureFolder({ kind: 'subscription', address: subscribed, label });
    });
    await inBatches(database, this.#addresses(foreign, 'addressbook'), this.signal, ({ address, label }) => {
      const known = canonical(address);
      this.#tally.count('contacts', known === undefined ? 'refused' : contacts.add(known, label) ? 'taken' : 'known');
    });
    for (const list of ['black', 'white'] as const) {
      await inBatches(database, this.#addresses(foreign, `${list}list`), this.signal, ({ address, label, enabled }) => {
        const listed = canonical(address);
        const outcome = listed === undefined ? 'refused' : senderLists.add(list, { address: listed, label, enabled }) ? 'taken' : 'known';
        this.#tally.count(`${list} list`, outcome);
      });
    }
  }

  #addresses(foreign: PybitmessageDatabase, table: AddressTable): Iterable<ForeignAddressRow> {
    return pages((afterId) => foreign.addresses(table, afterId, MAILS_PER_PAGE));
  }

  async #takePubkeys(foreign: PybitmessageDatabase): Promise<void> {
    const rows = pages((afterId) => foreign.pubkeys(afterId, MAILS_PER_PAGE));
    await inBatches(this.rooms.database, rows, this.signal, ({ address, transmitData: data, time: learntAt }) =>
      this.#tally.count('public keys', this.rooms.node.takeover.pubkey({ address, data, learntAt })),
    );
  }

  /** Received and sent together in the order of time, so that answers find what they answer, and UIDs ascend with dates. */
  async #takeMails(foreign: PybitmessageDatabase): Promise<void> {
    const order = await this.#mailsByTime(foreign);
    for (let start = 0; start < order.length; start += MAILS_PER_STEP) {
      const stores = await this.#prepareMails(foreign, order.slice(start, start + MAILS_PER_STEP));
      await inBatches(this.rooms.database, stores, this.signal, (store) => store());
      this.#mail.committed();
      this.#tell(({ moving }) => moving.mailsOf(Math.min(start + MAILS_PER_STEP, order.length), order.length));
    }
  }

  async #mailsByTime(foreign: PybitmessageDatabase): Promise<{ table: MailTable; id: number; time: number }[]> {
    const order: { table: MailTable; id: number; time: number }[] = [];
    for (const table of ['inbox', 'sent'] as const) {
      for (let afterId = 0; ; await nextTurn()) {
        const page = foreign.mails(table, afterId, MAILS_PER_PAGE);
        if (page.length === 0) break;
        order.push(...page.map(({ id, time }) => ({ table, id, time })));
        afterId = page[page.length - 1].id;
      }
    }
    return order.sort((a, b) => a.time - b.time);
  }

  async #prepareMails(foreign: PybitmessageDatabase, mails: readonly { table: MailTable; id: number }[]): Promise<(() => void)[]> {
    const stores: (() => void)[] = [];
    let turnAt = performance.now() + TURN_MS;
    for (const { table, id } of mails) {
      const store = table === 'inbox' ? await this.#prepareReceived(foreign, id) : await this.#prepareSent(foreign, id);
      if (typeof store === 'string') this.#tally.count(table === 'inbox' ? 'received mails' : 'sent mails', store);
      else stores.push(store);
      if (performance.now() < turnAt) continue;
      await nextTurn();
      turnAt = performance.now() + TURN_MS;
    }
    return stores;
  }

  async #prepareReceived(foreign: PybitmessageDatabase, id: number): Promise<(() => void) | Outcome> {
    const row = foreign.inboxRow(id);
    if (row === undefined) return 'refused';
    if (this.#received.isKnown(row)) return 'known';
    const prepared: PreparedReceived | undefined = await this.#received.prepare(row);
    return prepared === undefined ? 'refused' : () => this.#tally.count('received mails', this.#received.store(prepared));
  }

  async #prepareSent(foreign: PybitmessageDatabase, id: number): Promise<(() => void) | Outcome> {
    const row = foreign.sentRow(id);
    if (row === undefined) return 'refused';
    if (this.#sent.isKnown(row)) return 'known';
    const prepared: PreparedSent | undefined = await this.#sent.prepare(row);
    if (prepared === undefined) return 'refused';
    const isUnfinished = prepared.standing.kind === 'queued' || prepared.standing.kind === 'awaiting-pubkey';
    if (isUnfinished && !this.options.resume && row.folder !== 'trash') {
      this.#tally.note(({ moving }) => moving.pybitmessage.unsent(row.subject));
    }
    return () => this.#tally.count('sent mails', this.#sent.store(prepared));
  }

  /** PyBitmessage has looked at all of them, but for those in its queue. */
  async #takeObjects(foreign: PybitmessageDatabase): Promise<void> {
    const { takeover } = this.rooms.node;
    const waiting = pages((afterId) => foreign.unprocessed(afterId, OBJECTS_PER_PAGE));
    await inBatches(this.rooms.database, waiting, this.signal, ({ data }) => this.#tally.count('objects', takeover.object(data, false)));
    const total = foreign.count('inventory');
    let done = 0;
    await inBatches(
      this.rooms.database,
      pages((afterId) => foreign.objects(afterId, OBJECTS_PER_PAGE)),
      this.signal,
      ({ payload }) => {
        this.#tally.count('objects', takeover.object(payload, true));
        done++;
      },
      () => this.#tell(({ moving }) => moving.objectsOf(done, total)),
    );
  }

  /** What came since PyBitmessage ended is in our inventory. Last of all and once, so that what it had received is known by then. */
  #lookBack(): void {
    const { database, imports, node } = this.rooms;
    database.transaction(() => node.takeover.lookBack(this.#taken.filter((address) => imports.claim('look back', Buffer.from(address)))));
  }

  #tell(what: Saying): void {
    if (performance.now() - this.#toldAt < PROGRESS_MS) return;
    this.#toldAt = performance.now();
    this.progress(what);
  }
}

function openDatabase(path: string): PybitmessageDatabase {
  try {
    return new PybitmessageDatabase(path);
  } catch (error) {
    throw refusalOf(error);
  }
}

function refusalOf(error: unknown): unknown {
  return error instanceof ForeignDatabaseError ? new MigrationRefusal(() => error.message, { cause: error }) : error;
}
