/** Moving in and out while the gateway runs: one thing at a time, ended with it. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../base/clock.js';
import type { Logger } from '../base/log.js';
import type { OpenNode } from '../bitmessage/node.js';
import type { Groups } from '../mapping/groups.js';
import { Labels } from '../mapping/labels.js';
import { Contacts } from '../store/contacts.js';
import type { Database } from '../store/database.js';
import { Imports } from '../store/imports.js';
import { Links } from '../store/links/links.js';
import type { Messages } from '../store/mail/message-types.js';
import type { Mailboxes } from '../store/mail/types.js';
import { SenderLists } from '../store/node/sender-lists.js';
import { exportAddresses, exportKeys, exportMail } from './export.js';
import { importKeysFile, importWif } from './import-keys.js';
import { importMail } from './import-mail.js';
import { type ImportRooms, type Progress, PybitmessageImport } from './import-pybitmessage.js';
import type { MailFormat } from './mail-files.js';
import { pybitmessagePlace } from './pybitmessage-place.js';
import { MigrationRefusal } from './refusal.js';
import type { ImportReport } from './report.js';

export interface MigrationRooms {
  readonly database: Database;
  readonly mailboxes: Mailboxes;
  readonly messages: Messages;
  readonly node: OpenNode;
  readonly groups: Groups;
  readonly clock: Clock;
  readonly log: Logger;
}

export class Migration {
  readonly #rooms: ImportRooms & MigrationRooms;
  readonly #abort = new AbortController();
  #running: Promise<unknown> | undefined;

  constructor(
    /** `scratch`: a private directory for copies, such as the data directory. */
    private readonly options: { readonly scratch: string },
    rooms: MigrationRooms,
  ) {
    const { database } = rooms;
    const links = new Links(database);
    const contacts = new Contacts(database);
    const labels = new Labels({ ...rooms, links, contacts });
    this.#rooms = { ...rooms, links, contacts, labels, imports: new Imports(database), senderLists: new SenderLists(database) };
  }

  /** Ends what is under way, between two steps: it can be taken up again. */
  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#running?.catch(() => {});
  }

  /** Where a PyBitmessage of this user keeps its data; null when none is there. */
  findPybitmessage(): string | null {
    const directory = pybitmessagePlace(process.platform, process.env, homedir());
    return existsSync(join(directory, 'keys.dat')) ? directory : null;
  }

  /** @throws MigrationRefusal */
  importPybitmessage(directory: string, options: { resume: boolean }, progress: Progress): Promise<ImportReport> {
    const { scratch } = this.options;
    return this.#alone('import pybitmessage', (signal) =>
      new PybitmessageImport({ ...options, scratch }, this.#rooms, progress, signal).run(directory),
    );
  }

  /** @throws MigrationRefusal */
  importKeysFile(path: string): Promise<ImportReport> {
    return this.#alone('import keys', () => importKeysFile(path, this.#rooms));
  }

  /** @throws MigrationRefusal */
  importWif(keys: { signing: string; encryption: string; label: string; version: 3 | 4 }): { address: string; isNew: boolean } {
    return importWif(keys, this.#rooms);
  }

  /** @throws MigrationRefusal */
  importMail(source: { format: MailFormat; path: string; folder: string }, progress: Progress): Promise<ImportReport> {
    return this.#alone(`import ${source.format}`, (signal) => importMail(source, this.#rooms, progress, signal));
  }

  /** What `exportMail` has a folder for. */
  folders(): string[] {
    return this.#rooms.mailboxes.list().flatMap(({ path, selectable }) => (selectable ? [path] : []));
  }

  /** @throws MigrationRefusal */
  exportMail(target: { format: 'mbox' | 'maildir'; path: string; folder: string | null }, progress: Progress): Promise<number> {
    return this.#alone(`export ${target.format}`, (signal) => exportMail(target, this.#rooms, progress, signal));
  }

  /** @throws MigrationRefusal */
  exportKeys(path: string): Promise<number> {
    return exportKeys(path, this.#rooms);
  }

  /** @throws MigrationRefusal */
  exportAddresses(path: string): Promise<number> {
    return exportAddresses(path, this.#rooms);
  }

  async #alone<T>(name: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.#abort.signal.aborted) throw new MigrationRefusal(({ orders }) => orders.stopping);
    if (this.#running !== undefined) throw new MigrationRefusal(({ moving }) => moving.busy);
    const { log } = this.#rooms;
    log.info(`${name} begins`);
    const running = work(this.#abort.signal);
    this.#running = running;
    try {
      const result = await running;
      log.info(`${name} is done`);
      return result;
    } catch (error) {
      if (this.#abort.signal.aborted) throw new MigrationRefusal(({ moving }) => moving.stopping);
      throw error;
    } finally {
      this.#running = undefined;
    }
  }
}
