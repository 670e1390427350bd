/** The composition root: the entrance with its doors, the house behind them, and closing all of it in reverse. */
import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { ensureCertificate, type ServerCertificate } from './access/certificate.js';
import { LoginUnavailable } from './access/login.js';
import { readScram } from './access/login-record.js';
import { LoginCheck } from './access/logins.js';
import { LoginThrottle } from './access/throttle.js';
import { type Clock, systemClock } from './base/clock.js';
import type { Logger } from './base/log.js';
import type { OnDisk } from './base/on-disk.js';
import type { Identity } from './bitmessage/node.js';
import { CarddavServer } from './carddav/server.js';
import { type Config, isLoopback } from './config.js';
import { MailClerk } from './control/by-mail.js';
import { removeContact, writeContact } from './control/contact.js';
import { lockedText } from './control/keys.js';
import { ControlRefusal, type ControlRooms, type KeyCustody, type MailAccess } from './control/operation.js';
import { OPERATIONS } from './control/operations.js';
import { type EntranceRooms, whileSealed } from './control/sealed.js';
import { Custody } from './gateway/custody.js';
import { type House, openHouse, ownIdentities } from './gateway/house.js';
import { lateAddressBooks, lateSubmission } from './gateway/late-rooms.js';
import { listen } from './gateway/listen.js';
import { enterDirectory, filesOf, type Opened, openDatabase, type StoreRooms } from './gateway/open-store.js';
import { Opening } from './gateway/opening.js';
import { StartError } from './gateway/start-error.js';
import { ImapServer } from './imap/server.js';
import { MAIL_DOMAIN } from './mapping/address.js';
import { finishRestoring } from './sealing/finish-restoring.js';
import { isMailSealed } from './sealing/mail-file.js';
import { missingSaying } from './sealing/missing.js';
import { SmtpServer } from './smtp/server.js';
import type { Database } from './store/database.js';
import { missingForSealed } from './store/sealed-driver.js';
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
  /** Where other nodes may connect, or null; also as long as the mail is locked. */
  readonly network: { readonly host: string; readonly port: number } | null;
  readonly login: { readonly user: string; readonly password: string | null };
  readonly keys: Pick<KeyCustody, 'state' | 'opensByLogin' | 'isMailSealed'>;
  /** None as long as the mail is locked. */
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
  #closers: (() => void | Promise<void>)[] = [];
  readonly #opened: Opened = (close) => void this.#closers.push(close);
  #control: ControlRooms | undefined;
  #isReady = false;
  readonly #stopping = new AbortController();
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
    this.#stopping.abort();
    for (const close of this.#closers.splice(0).reverse()) {
      try {
        await close();
      } catch (error) {
        this.rooms.log.error('a room did not close', error);
      }
    }
  }

  async #start(signal: AbortSignal): Promise<Ready> {
    const { config, dataDirectory } = this.options;
    enterDirectory(dataDirectory, this.#opened);
    const database = isMailSealed(dataDirectory)
      ? null
      : await openDatabase(dataDirectory, filesOf(dataDirectory, null).mail, this.#storeRooms, this.#opened, signal);
    const throttle = new LoginThrottle(this.#clock);
    const custody = await this.#openCustody(database, throttle);
    const certificate = await ensureCertificate(join(dataDirectory, 'certificates'), this.#certificateNames());

    const either = AbortSignal.any([signal, this.#stopping.signal]);
    const house: Opening<House> = new Opening((opened) => this.#openHouse(custody, database, imapServer, opened, either), this.rooms.log);
    // Nothing is answered of what is not on the disk; before the house is open, nothing was written.
    const onDisk: OnDisk = () => (house.isOpen ? house.value.onDisk() : null);
    this.#opened(() => house.close());
    const logins = this.#makeLogins(custody, throttle, house);
    const log = this.rooms.log;
    const { imap, smtp } = config;
    const imapServer = new ImapServer(
      { host: imap.host, port: imap.port, tlsPort: imap.tls_port, tls: certificate },
      { logins, onDisk, log: log.child('imap'), words: this.#words },
    );
    const smtpServer = new SmtpServer(
      { host: smtp.host, port: smtp.port, tlsPort: smtp.tls_port, tls: { key: certificate.key, cert: certificate.cert } },
      { submission: lateSubmission(() => house.value.mapping.submission), logins, onDisk, log: log.child('smtp'), words: this.#words },
    );
    this.#opened(async () => {
      // Who waits to be let in would keep a connection open for longer than we have.
      throttle.stop();
      await Promise.all([imapServer.stop(), smtpServer.stop()]);
    });
    // Where the mail is locked, the first login opens the house; the doors are the same.
    if (custody.state !== 'locked' || !custody.isMailSealed) await house.open();
    const mail: MailAccess = {
      imap: { host: imap.host, ...(await listen(config, 'imap', () => imapServer.start())) },
      smtp: { host: smtp.host, ...(await listen(config, 'smtp', () => smtpServer.start())) },
      user: custody.login.user,
      caPath: certificate.caPath,
      fingerprint: certificate.fingerprint,
    };
    if (config.carddav.enabled) await this.#openAddressBooks(house, logins, certificate, onDisk);
    const page = await this.#openControl(
      this.#entrance(mail, custody, house, () => page.openPage()),
      house,
      logins,
      onDisk,
    );
    this.#isReady = true;
    if (house.isOpen) house.value.mapping.serveOrders();
    return {
      mail,
      network: house.isOpen ? house.value.node.status().listening : null,
      login: { user: custody.login.user, password: custody.login.password },
      keys: custody,
      identities: house.isOpen ? ownIdentities(house.value.node) : [],
      domain: MAIL_DOMAIN,
      profile: config.network.profile,
      dataDirectory,
      page: page.openPage(),
    };
  }

  async #openCustody(database: Database | null, throttle: LoginThrottle): Promise<Custody> {
    const { dataDirectory, credentialsDirectory, config } = this.options;
    const missing = database === null ? missingForSealed() : null;
    if (missing !== null) throw new StartError(missingSaying(missing.lacks), { cause: missing });
    const rooms = { database, throttle, clock: this.#clock, log: this.rooms.log.child('access') };
    try {
      return await Custody.open({ ...config.access, dataDirectory, credentialsDirectory }, rooms);
    } catch (error) {
      throw new StartError(() => (error as Error).message, { cause: error });
    }
  }

  /** @param database null: it is encrypted, and opened now with the key that is there */
  async #openHouse(
    custody: Custody,
    database: Database | null,
    imapServer: ImapServer,
    opened: Opened,
    signal: AbortSignal,
  ): Promise<House> {
    const { config, dataDirectory } = this.options;
    const files = filesOf(dataDirectory, database === null ? custody.keystore : null);
    if (database === null) finishRestoring(dataDirectory, files.mail);
    const rooms = {
      database: database ?? (await openDatabase(dataDirectory, files.mail, this.#storeRooms, opened, signal)),
      vault: custody.keystore,
      clerk: new MailClerk(OPERATIONS, () => this.#orderable(), this.rooms.log.child('control')),
      clock: this.#clock,
      log: this.rooms.log,
      words: this.#words,
    };
    const house = await openHouse({ config, dataDirectory, files }, rooms, opened);
    imapServer.furnish(house.imap);
    if (this.#control !== undefined) Object.assign(this.#control, house.control);
    if (this.#isReady) house.mapping.serveOrders();
    return house;
  }

  #makeLogins(custody: Custody, throttle: LoginThrottle, house: Opening<House>): LoginCheck {
    const { login } = custody;
    return new LoginCheck(
      { user: login.user, verifier: login.verifier, scramKeys: login.scram === null ? null : readScram(login.scram), domain: MAIL_DOMAIN },
      {
        throttle,
        identities: () => ownIdentities(house.value.node).map(({ address }) => address),
        keystore: custody.keystore,
        opened: async () => {
          if (house.isOpen) return;
          if (custody.state === 'locked') throw new LoginUnavailable((words) => lockedText(words, custody));
          await this.#openLate(house).catch((error) => {
            throw new LoginUnavailable(({ keys }) => keys.mail.notOpened, { cause: error });
          });
        },
        named: (label) => house.value.mapping.namedIdentities.find(label),
      },
    );
  }

  /** @throws ControlRefusal */
  async #openLate(house: Opening<House>): Promise<void> {
    try {
      await house.open();
    } catch (error) {
      this.rooms.log.error('the mail could not be opened', error);
      throw new ControlRefusal(({ keys }) => keys.mail.notOpened, { cause: error });
    }
  }

  /** What can be asked for at the entrance; the house adds its own when it opens. */
  #entrance(mail: MailAccess, custody: Custody, house: Opening<House>, openPage: () => string): EntranceRooms {
    const { dataDirectory, config } = this.options;
    return {
      mail,
      custody,
      get password() {
        return custody.login.password;
      },
      premises: { dataDirectory, logLevel: config.log.level, findFault: () => house.value.findFault() },
      openPage,
      words: this.#words,
    };
  }

  #orderable(): ControlRooms {
    if (this.#control === undefined) throw new Error('orders are served before there is anything to order');
    return this.#control;
  }

  async #openControl(entrance: EntranceRooms, house: Opening<House>, logins: LoginCheck, onDisk: OnDisk): Promise<WebServer> {
    const { config, dataDirectory } = this.options;
    const { host, port, open_metrics: openMetrics } = config.web;
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    // Before the house is open, nothing is asked for that only the house has: see whileSealed.
    const control = Object.assign(entrance, house.isOpen ? house.value.control : {}) as ControlRooms;
    this.#control = control;
    const locked = {
      get isOpen() {
        return house.isOpen;
      },
      open: () => this.#openLate(house),
    };
    const server = new WebServer(
      { host, port, token, operations: whileSealed(OPERATIONS, locked), openMetrics, command: this.options.command },
      { control, logins, onDisk, log: this.rooms.log.child('web'), house: locked },
    );
    this.#opened(() => server.stop());
    const opened = await listen(config, 'web', () => server.start());
    this.#opened(() => removeContact(dataDirectory));
    writeContact(dataDirectory, { host, port: opened.port, token });
    return server;
  }

  async #openAddressBooks(house: Opening<House>, logins: LoginCheck, { key, cert }: ServerCertificate, onDisk: OnDisk): Promise<void> {
    const { host, port, tls_port: tlsPort } = this.options.config.carddav;
    const log = this.rooms.log.child('carddav');
    const books = lateAddressBooks(() => house.value.mapping.addressBooks);
    const server = new CarddavServer(
      { host, port: isLoopback(host) ? port : null, tlsPort, tls: { key, cert } },
      { books, logins, onDisk, log },
    );
    this.#opened(() => server.stop());
    log.info('address books can be reached', { host, ...(await listen(this.options.config, 'carddav', () => server.start())) });
  }

  get #storeRooms(): StoreRooms {
    return { clock: this.#clock, log: this.rooms.log.child('store'), onLost: this.rooms.onLost };
  }

  /** The names under which mail programs reach us besides localhost. */
  #certificateNames(): string[] {
    const { imap, smtp } = this.options.config;
    return [hostname(), imap.host, smtp.host].filter((name) =>
      isIP(name) !== 0 ? name !== '0.0.0.0' && name !== '::' : DNS_NAME.test(name),
    );
  }
}
