/** The composition root: builds every room, opens them floor by floor, and closes them in reverse. */
import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { ensureCertificate, type ServerCertificate } from './access/certificate.js';
import { readScram } from './access/login-record.js';
import { LoginCheck } from './access/logins.js';
import { LoginThrottle } from './access/throttle.js';
import { DATABASE_NAME } from './backup/archive.js';
import { Backup } from './backup/backup.js';
import { DatabaseCheck } from './backup/database-check.js';
import { NightlyBackup } from './backup/nightly.js';
import { type Clock, systemClock } from './base/clock.js';
import type { Logger } from './base/log.js';
import type { OnDisk } from './base/on-disk.js';
import { createNode, type NodeRooms } from './bitmessage/create-node.js';
import type { KeyVault } from './bitmessage/key-vault.js';
import type { BitmessageNode, Identity, NodeListener, OpenNode } from './bitmessage/node.js';
import { CarddavServer } from './carddav/server.js';
import { type Config, isLoopback, parseHostPort } from './config.js';
import { MailClerk } from './control/by-mail.js';
import { removeContact, writeContact } from './control/contact.js';
import type { ControlRooms, KeyCustody, MailAccess } from './control/operation.js';
import { OPERATIONS } from './control/operations.js';
import { Custody } from './gateway/custody.js';
import { type MailStore, openMailStore } from './gateway/mail-store.js';
import { messagingOptions } from './gateway/messaging-options.js';
import { networkOptions } from './gateway/network-options.js';
import { openStore } from './gateway/open-store.js';
import { portRefusal, StartError } from './gateway/start-error.js';
import { type Surroundings, watchSurroundings } from './gateway/surroundings.js';
import { ImapServer } from './imap/server.js';
import { MAIL_DOMAIN } from './mapping/address.js';
import { Mapping } from './mapping/mapping.js';
import { Migration } from './migration/migration.js';
import { NameResolver } from './namecoin/name-resolver.js';
import { SmtpServer } from './smtp/server.js';
import type { Database } from './store/database.js';
import { SqliteMetadata } from './store/mail/metadata.js';
import { WebServer } from './web/server.js';
import { english } from './words/english/english.js';
import type { Words } from './words/words.js';

/** 256 bits: nobody guesses it. */
const TOKEN_BYTES = 32;
/** What a certificate can name; a machine can be called otherwise. */
const DNS_NAME = /^[a-z0-9-]+(\.[a-z0-9-]+)*$/i;

export interface GatewayRooms {
  readonly log: Logger;
  /** Told, once, when the disk failed: the gateway answers nobody any more, and is to be stopped. */
  readonly onLost?: (error: Error) => void;
}

export interface GatewayOptions {
  readonly config: Config;
  readonly dataDirectory: string;
  /** Where systemd puts what a unit may know ($CREDENTIALS_DIRECTORY). */
  readonly credentialsDirectory?: string;
  /** What is said to people, where they have not said otherwise; English when not given. */
  readonly words?: Words;
  /** How its owner calls the command line; "postern" when not given. */
  readonly command?: string;
}

/** What a mail program, or whoever started the gateway, has to know. */
export interface Ready {
  readonly mail: MailAccess;
  /** Where other nodes may connect, or null. */
  readonly network: { readonly host: string; readonly port: number } | null;
  readonly login: { readonly user: string; readonly password: string | null };
  readonly keys: Pick<KeyCustody, 'state' | 'opensByLogin'>;
  readonly identities: readonly Identity[];
  readonly domain: string;
  readonly profile: string;
  readonly dataDirectory: string;
  /** Lets a browser into the local page, once. */
  readonly page: string;
}

export class Gateway {
  readonly #clock: Clock = systemClock;
  /** How to close what is open, newest last. */
  #open: (() => void | Promise<void>)[] = [];
  #control: ControlRooms | undefined;
  readonly #words: Words;

  constructor(
    private readonly options: GatewayOptions,
    private readonly rooms: GatewayRooms,
  ) {
    this.#words = options.words ?? english;
  }

  /**
   * Resolves when every port is open.
   *
   * @param signal calls off what may take minutes, the first start of a new version
   * @throws StartError, or AbortError, with everything closed again
   */
  async start(signal: AbortSignal = new AbortController().signal): Promise<Ready> {
    try {
      return await this.#start(signal);
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Closes everything, newest first. What fails to close is logged and does not keep the rest open. */
  async stop(): Promise<void> {
    for (const close of this.#open.splice(0).reverse()) {
      try {
        await close();
      } catch (error) {
        this.rooms.log.error('a room did not close', error);
      }
    }
  }

  async #start(signal: AbortSignal): Promise<Ready> {
    const { config, dataDirectory } = this.options;
    const storeRooms = { clock: this.#clock, log: this.rooms.log.child('store'), onLost: this.rooms.onLost };
    const database = await openStore(dataDirectory, storeRooms, (close) => this.#open.push(close), signal);
    const throttle = new LoginThrottle(this.#clock);
    const custody = await this.#openCustody(database, throttle);
    const { login } = custody;
    const certificate = await ensureCertificate(join(dataDirectory, 'certificates'), this.#certificateNames());

    const surroundings = await watchSurroundings(config, dataDirectory, { clock: this.#clock, log: this.rooms.log });
    this.#open.push(() => surroundings.stop());
    const mailStore = openMailStore(dataDirectory, database, storeRooms);
    this.#open.push(() => mailStore.stop());
    const { mailboxes, messages } = mailStore;
    const { node, mapping } = this.#furnish(database, mailStore, surroundings, custody.keystore);
    if (ownIdentities(node).length === 0) await node.createIdentity({ label: config.mail.first_identity });
    await mapping.start();
    this.#open.push(() => mapping.stop());
    this.#open.push(() => node.stop());
    await this.#listen('network', () => node.start());

    const logins = new LoginCheck(
      { user: login.user, verifier: login.verifier, scramKeys: login.scram === null ? null : readScram(login.scram), domain: MAIL_DOMAIN },
      {
        throttle,
        identities: () => ownIdentities(node).map(({ address }) => address),
        keystore: custody.keystore,
        named: (label) => mapping.namedIdentities.find(label),
      },
    );
    const log = this.rooms.log;
    const { imap, smtp } = config;
    const imapServer = new ImapServer(
      {
        host: imap.host,
        port: imap.port,
        tlsPort: imap.tls_port,
        tls: certificate,
      },
      {
        mailboxes,
        messages,
        metadata: new SqliteMetadata(database),
        folders: mapping.folderRules,
        logins,
        onDisk: database.onDisk,
        log: log.child('imap'),
        words: this.#words,
      },
    );
    const smtpServer = new SmtpServer(
      { host: smtp.host, port: smtp.port, tlsPort: smtp.tls_port, tls: { key: certificate.key, cert: certificate.cert } },
      { submission: mapping.submission, logins, onDisk: database.onDisk, log: log.child('smtp'), words: this.#words },
    );
    this.#open.push(async () => {
      // Who waits to be let in would keep a connection open for longer than we have.
      throttle.stop();
      await Promise.all([imapServer.stop(), smtpServer.stop()]);
    });
    const mail: MailAccess = {
      imap: { host: imap.host, ...(await this.#listen('imap', () => imapServer.start())) },
      smtp: { host: smtp.host, ...(await this.#listen('smtp', () => smtpServer.start())) },
      user: login.user,
      caPath: certificate.caPath,
      fingerprint: certificate.fingerprint,
    };
    if (config.carddav.enabled) await this.#openAddressBooks(mapping, logins, certificate, database.onDisk);
    const migration = new Migration(
      { scratch: dataDirectory },
      { database, mailboxes, messages, node, groups: mapping.groups, clock: this.#clock, log: log.child('migration') },
    );
    const backup = new Backup({ dataDirectory }, { clock: this.#clock, log: log.child('backup') });
    await backup.start();
    this.#open.push(async () => void (await Promise.all([migration.stop(), backup.stop()])));
    this.#startNightlyBackups(backup);
    const check = new DatabaseCheck(join(dataDirectory, DATABASE_NAME));
    this.#open.push(() => check.stop());
    this.#control = {
      mail,
      node,
      groups: mapping.groups,
      scheduled: mapping.scheduled,
      speller: mapping.speller,
      readings: mapping.readings,
      chanLimits: mapping.chanLimits,
      contacts: mapping.contacts,
      blocking: mapping.blocking,
      migration,
      backup,
      custody,
      get password() {
        return custody.login.password;
      },
      premises: { dataDirectory, logLevel: config.log.level, findFault: () => check.run() },
      openPage: () => page.openPage(),
      words: this.#words,
    };
    const page = await this.#openControl(this.#control, logins, database.onDisk);
    mapping.serveOrders();
    return {
      mail,
      network: node.status().listening,
      login: { user: login.user, password: login.password },
      keys: custody,
      identities: ownIdentities(node),
      domain: MAIL_DOMAIN,
      profile: config.network.profile,
      dataDirectory,
      page: page.openPage(),
    };
  }

  #startNightlyBackups(backup: Backup): void {
    const { directory, keep, passphrase_file: passphraseFile } = this.options.config.backup;
    if (directory === '') return;
    const log = this.rooms.log.child('backup');
    const nightly = new NightlyBackup({ directory, keep, passphraseFile }, { backup, clock: this.#clock, log });
    nightly.start();
    // A backup that runs is ended first: this one waits for it.
    this.#open.push(async () => void (await Promise.all([backup.stop(), nightly.stop()])));
  }

  async #openCustody(database: Database, throttle: LoginThrottle): Promise<Custody> {
    const { dataDirectory, credentialsDirectory, config } = this.options;
    const rooms = { database, throttle, clock: this.#clock, log: this.rooms.log.child('access') };
    try {
      return await Custody.open({ ...config.access, dataDirectory, credentialsDirectory }, rooms);
    } catch (error) {
      throw new StartError(() => (error as Error).message, { cause: error });
    }
  }

  /** The rooms between the doors, not yet started. Node and mapping know each other: the one by its door, the other by its listener. */
  #furnish(
    database: Database,
    { mailboxes, messages }: MailStore,
    { disk, power }: Surroundings,
    vault: KeyVault,
  ): { node: OpenNode; mapping: Mapping } {
    const node = this.#makeNode(
      database,
      {
        deliver: (message) => mapping.listener.deliver(message),
        outgoingChanged: (message) => mapping.listener.outgoingChanged(message),
      },
      { standing: (address) => mapping.blocking.standing(address), diskIsLow: () => disk.isLow, vault, power },
    );
    const mapping = new Mapping(
      {
        ttlSeconds: this.options.config.mail.ttl_hours * 3600,
        chanLimits: { postsPerDay: this.options.config.mail.chan_posts_per_day, postBytes: this.options.config.mail.chan_post_bytes },
        accept: this.options.config.mail.accept,
        namecoin: this.#makeNameResolver(),
      },
      {
        database,
        mailboxes,
        messages,
        node,
        vault,
        clock: this.#clock,
        log: this.rooms.log.child('mapping'),
        clerk: this.#makeClerk(),
        words: this.#words,
      },
    );
    return { node, mapping };
  }

  #makeClerk(): MailClerk {
    const rooms = (): ControlRooms => {
      if (this.#control === undefined) throw new Error('orders are served before there is anything to order');
      return this.#control;
    };
    return new MailClerk(OPERATIONS, rooms, this.rooms.log.child('control'));
  }

  #makeNameResolver(): NameResolver | null {
    const { rpc, user, password } = this.options.config.namecoin;
    const address = parseHostPort(rpc);
    return address === undefined ? null : new NameResolver({ ...address, user, password }, { clock: this.#clock });
  }

  #makeNode(
    database: Database,
    listener: NodeListener,
    questions: Pick<NodeRooms, 'standing' | 'diskIsLow' | 'vault' | 'power'>,
  ): OpenNode {
    const { network, pow } = this.options.config;
    return createNode(
      {
        network: networkOptions(network),
        ...(pow.threads === 0 ? {} : { miningThreads: pow.threads }),
        messaging: messagingOptions(this.options.config),
      },
      { database, clock: this.#clock, log: this.rooms.log, listener, ...questions },
    );
  }

  async #openControl(control: ControlRooms, logins: LoginCheck, onDisk: OnDisk): Promise<WebServer> {
    const { config, dataDirectory } = this.options;
    const { host, port, open_metrics: openMetrics } = config.web;
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    const server = new WebServer(
      { host, port, token, operations: OPERATIONS, openMetrics, command: this.options.command },
      { control, logins, onDisk, log: this.rooms.log.child('web') },
    );
    this.#open.push(() => server.stop());
    const opened = await this.#listen('web', () => server.start());
    this.#open.push(() => removeContact(dataDirectory));
    writeContact(dataDirectory, { host, port: opened.port, token });
    return server;
  }

  async #openAddressBooks(
    { addressBooks: books }: Mapping,
    logins: LoginCheck,
    { key, cert }: ServerCertificate,
    onDisk: OnDisk,
  ): Promise<void> {
    const { host, port, tls_port: tlsPort } = this.options.config.carddav;
    const log = this.rooms.log.child('carddav');
    const server = new CarddavServer(
      { host, port: isLoopback(host) ? port : null, tlsPort, tls: { key, cert } },
      { books, logins, onDisk, log },
    );
    this.#open.push(() => server.stop());
    log.info('address books can be reached', { host, ...(await this.#listen('carddav', () => server.start())) });
  }

  /** Opens ports of a section. */
  async #listen<T>(section: 'network' | 'imap' | 'smtp' | 'carddav' | 'web', open: () => Promise<T>): Promise<T> {
    try {
      return await open();
    } catch (error) {
      throw portRefusal(error as NodeJS.ErrnoException, section, this.options.config[section]) ?? error;
    }
  }

  /** The names under which mail programs reach us besides localhost. */
  #certificateNames(): string[] {
    const { imap, smtp } = this.options.config;
    return [hostname(), imap.host, smtp.host].filter((name) =>
      isIP(name) !== 0 ? name !== '0.0.0.0' && name !== '::' : DNS_NAME.test(name),
    );
  }
}

function ownIdentities(node: BitmessageNode): Identity[] {
  return node.identities().filter(({ chan }) => !chan);
}
