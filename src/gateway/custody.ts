/** Who keeps the keys: the login's file, the keystore, what opens it at the start, and taking the readable password away where it would. */
import { join } from 'node:path';
import { Keystore, type KeystoreState } from '../access/keystore.js';
import { ensureLoginRecord, forgetPassword, type LoginRecord, readScram } from '../access/login-record.js';
import { readIfThere } from '../access/private-file.js';
import { SLOT_FILE_NAME, SlotFile } from '../access/slot-file.js';
import type { LoginThrottle } from '../access/throttle.js';
import type { Clock } from '../base/clock.js';
import type { Logger } from '../base/log.js';
import type { KeyCustody } from '../control/operation.js';
import type { Database } from '../store/database.js';
import { KeySlots } from '../store/key-slots.js';

export interface CustodyOptions {
  readonly dataDirectory: string;
  /** Of the combined login. */
  readonly user: string;
  /** Its first line is the passphrase; '' for none. */
  readonly passphrase_file: string;
  /** Where systemd puts what a unit may know; undefined for none. */
  readonly credentialsDirectory: string | undefined;
}

export interface CustodyRooms {
  /** Null: it is encrypted as a whole, and the slots lie beside it. */
  readonly database: Database | null;
  readonly throttle: LoginThrottle;
  readonly clock: Clock;
  readonly log: Logger;
}

/** LoadCredential= in a unit: docs/service.md. */
const CREDENTIAL_NAME = 'postern-passphrase';
/** A backup reads the database for as long as it copies it. */
const CLEANSE_TRIES = 600;
const CLEANSE_PAUSE_MS = 100;
/** Nobody's address: guesses at the passphrase are counted together, wherever they come from. */
const THROTTLED_AS = 'passphrase';

export class Custody implements KeyCustody {
  readonly keystore: Keystore;

  private constructor(
    private readonly options: CustodyOptions,
    private readonly rooms: CustodyRooms,
    private record: LoginRecord,
  ) {
    const { database } = rooms;
    this.keystore = new Keystore({
      slots: database === null ? new SlotFile(join(options.dataDirectory, SLOT_FILE_NAME)) : new KeySlots(database),
      // A file is replaced as a whole.
      transaction: (work) => (database === null ? work() : database.durably(work)),
      cleanse: () => this.#cleanse(),
    });
  }

  /** Unlocks, if anything at hand does. @throws Error when the login's file is damaged */
  static async open(options: CustodyOptions, rooms: CustodyRooms): Promise<Custody> {
    const custody = new Custody(options, rooms, await ensureLoginRecord(loginPath(options), options.user));
    if (custody.state === 'open') return custody;
    // The last run may have ended between the encryption and this.
    await custody.#cleanse();
    await custody.#takePasswordAway();
    await custody.#openByFile();
    if (custody.state === 'locked') {
      const what = custody.isMailSealed ? 'the mail and the keys are locked' : 'the keys are locked';
      rooms.log.warn(what, { opensByLogin: custody.opensByLogin });
    }
    return custody;
  }

  get login(): LoginRecord {
    return this.record;
  }

  get state(): KeystoreState {
    return this.keystore.state;
  }

  get opensByLogin(): boolean {
    return this.keystore.opensByLogin;
  }

  get isMailSealed(): boolean {
    return this.rooms.database === null;
  }

  async unlock(passphrase: string): Promise<boolean> {
    const attempt = await this.rooms.throttle.enter(THROTTLED_AS);
    if (attempt === null || !(await this.keystore.unlock(passphrase))) return false;
    attempt.succeeded();
    this.rooms.log.info('the keys are unlocked');
    await this.#takePasswordAway();
    return true;
  }

  async encrypt(passphrase: string, byLogin: boolean): Promise<void> {
    const { password, scram } = this.record;
    await this.keystore.encrypt(passphrase, byLogin ? { password, scram: scram === null ? null : readScram(scram) } : null);
    await this.#takePasswordAway();
  }

  async decrypt(passphrase: string): Promise<boolean> {
    const attempt = await this.rooms.throttle.enter(THROTTLED_AS);
    if (attempt === null || !(await this.keystore.isPassphrase(passphrase))) return false;
    attempt.succeeded();
    await this.keystore.unlock(passphrase);
    await this.keystore.decrypt();
    return true;
  }

  changePassphrase(passphrase: string): Promise<void> {
    return this.keystore.changePassphrase(passphrase);
  }

  /** A password that opens the keys must not lie beside them. */
  async #takePasswordAway(): Promise<void> {
    const { password } = this.record;
    if (password === null || !this.keystore.opensByLogin) return;
    await this.keystore.admitted(password);
    if (this.keystore.state === 'unlocked') this.record = forgetPassword(loginPath(this.options), this.record);
  }

  async #openByFile(): Promise<void> {
    if (this.keystore.state !== 'locked') return;
    const { credentialsDirectory, passphrase_file: file } = this.options;
    const credential = credentialsDirectory === undefined ? [] : [join(credentialsDirectory, CREDENTIAL_NAME)];
    for (const path of [...credential, ...(file === '' ? [] : [file])]) {
      const text = readIfThere(path);
      if (text === undefined) continue;
      if (await this.keystore.unlock(text.split(/\r?\n/, 1)[0])) return;
      this.rooms.log.warn('the passphrase in a file does not unlock the keys', { path });
    }
  }

  async #cleanse(): Promise<void> {
    const { database, clock, log } = this.rooms;
    if (database === null) return;
    for (let tries = 0; tries < CLEANSE_TRIES; tries++) {
      if (database.emptyLog()) return;
      await clock.sleep(CLEANSE_PAUSE_MS);
    }
    log.warn('the write-ahead log could not be emptied yet; the next start does it');
  }
}

function loginPath({ dataDirectory }: CustodyOptions): string {
  return join(dataDirectory, 'login.json');
}
