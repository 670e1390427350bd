/** The shape of an operation: what a person can ask for, named once for the terminal, the local page and whoever comes next. */
import { isAbsolute } from 'node:path';
import type { Backup } from '../backup/backup.js';
import type { BitmessageNode, ChanChoice } from '../bitmessage/node.js';
import type { Blocking } from '../mapping/blocking.js';
import type { ContactBook } from '../mapping/contacts.js';
import type { Migration } from '../migration/migration.js';
import { Refusal } from '../words/refusal.js';
import type { Saying, Words } from '../words/words.js';

/** A chan or a subscription with the folder that shows it. */
export interface Group {
  readonly address: string;
  readonly label: string;
  /** The path of its folder, such as "Chans/name". */
  readonly folder: string;
}

/** Joining and leaving, with the folders that go with it. */
export interface Groups {
  chans(): readonly Group[];
  subscriptions(): readonly Group[];
  /** @param label the folder's name; '' for the passphrase itself @throws AddressError when the passphrase makes another address */
  joinChan(passphrase: string, label: string, choice?: ChanChoice): Promise<Group>;
  leaveChan(address: string): Promise<void>;
  /** @param label the folder's name; '' for the address itself */
  subscribe(address: string, label: string): Promise<Group>;
  unsubscribe(address: string): Promise<void>;
}

/** What a mail program has to be told. */
export interface MailAccess {
  readonly imap: MailPorts;
  readonly smtp: MailPorts;
  readonly user: string;
  /** Our authority's certificate, PEM, for mail programs that want to trust it. */
  readonly caPath: string;
  /** SHA-256 of the server's certificate. */
  readonly fingerprint: string;
}

export interface MailPorts {
  readonly host: string;
  readonly port: number;
  readonly tlsPort: number | null;
}

/** Mail that is to be sent later. */
export interface ScheduledMail {
  /** "h12" */
  readonly id: string;
  readonly to: readonly string[];
  /** UnixSeconds. */
  readonly releaseAt: number;
  /** The address whose capital letters are looked for, and how far that is; null: it waits for nothing but its time. */
  readonly waitsFor: { readonly lowered: string; readonly progress: number | null } | null;
}

export interface Scheduled {
  /** The next first. */
  list(): readonly ScheduledMail[];
  /** The mail goes to Trash. Answers false when there is none. */
  cancel(id: string): boolean;
}

/** Addresses that lost their capital letters and could be one of several. */
export interface Speller {
  /** Answers false when nothing of that kind was asked. */
  choose(address: string): boolean;
}

/** What may be posted to a chan before the rest goes to Junk. */
export interface ChanLimitBook {
  of(address: string): { readonly postsPerDay: number; readonly postBytes: number };
  /** Null: as in the settings. */
  set(address: string, change: { readonly postsPerDay?: number | null; readonly postBytes?: number | null }): void;
}

/** What the programs of others are known to show. */
export interface Readings {
  tell(address: string, reads: 'plain' | 'extended' | null): void;
}

/** The house as a building. */
export interface Premises {
  readonly dataDirectory: string;
  readonly logLevel: string;
  /** Looks through the database; resolves with the first fault, or null. */
  findFault(): Promise<string | null>;
}

/** Encryption of the private keys on the disk. */
export interface KeyCustody {
  /** 'open': nothing is encrypted. */
  readonly state: 'open' | 'locked' | 'unlocked';
  /** Whether a mail program that logs in unlocks them. */
  readonly opensByLogin: boolean;
  /** Whether the mail is encrypted with them, so that nothing can be done without them. */
  readonly isMailSealed: boolean;
  /** Answers false when the passphrase is another one. Throttled. */
  unlock(passphrase: string): Promise<boolean>;
  /** Resolves when nothing of them stands readable in the data directory. */
  encrypt(passphrase: string, byLogin: boolean): Promise<void>;
  /** Answers false when the passphrase is another one. Throttled. */
  decrypt(passphrase: string): Promise<boolean>;
  changePassphrase(passphrase: string): Promise<void>;
}

export interface ControlRooms {
  readonly mail: MailAccess;
  readonly node: BitmessageNode;
  readonly groups: Groups;
  readonly contacts: ContactBook;
  readonly blocking: Blocking;
  readonly scheduled: Scheduled;
  readonly speller: Speller;
  readonly readings: Readings;
  readonly chanLimits: ChanLimitBook;
  readonly migration: Migration;
  readonly backup: Backup;
  readonly custody: KeyCustody;
  /** Of the combined login, as long as it stands in login.json. */
  readonly password: string | null;
  readonly premises: Premises;
  /** The URL that lets a browser into the local page, once. */
  openPage(): string;
  /** In the language of whoever asks; of this gateway, when they have not said theirs. */
  readonly words: Words;
}

/**
 * Where a value stands on a command line: alone, behind its --name, as a --name without a value ("true" when it is there), or
 * nowhere: a secret is asked for, for everybody on a machine can see its command lines.
 */
export interface Parameter {
  readonly name: string;
  readonly place: 'positional' | 'option' | 'flag' | 'secret';
  /** A file or directory: an absolute path, which the command line makes of one seen from where it is given. */
  readonly isPath?: boolean;
  /** A secret that is chosen now: asked for twice. */
  readonly isNew?: boolean;
  readonly isRequired: boolean;
  /** All that it can be, where that is a short list: a shell completes it. */
  readonly choices?: readonly string[];
  readonly help: Saying;
}

/** The values by parameter name; what was not given is missing. */
export type Arguments = Readonly<Record<string, string>>;

export interface Answer {
  /** For programs: plain JSON. */
  readonly value: Readonly<Record<string, unknown>>;
  /** For people: one or more lines. */
  readonly text: string;
}

/** Told what is being done by an operation that takes its time. */
export type Progress = (what: Saying) => void;

export interface Operation {
  /** As typed: "identity new". */
  readonly name: string;
  readonly help: Saying;
  readonly parameters: readonly Parameter[];
  run(values: Arguments, rooms: ControlRooms, progress?: Progress): Promise<Answer> | Answer;
}

/** What is done without a gateway, to a data directory that none may be running on. */
export interface OfflineOperation extends Omit<Operation, 'run'> {
  run(values: Arguments, dataDirectory: string, words: Words, progress?: Progress): Promise<Answer>;
}

/** What the command line offers. */
export type Command = Operation | OfflineOperation;

/** What was asked for cannot be done; the person reads why. */
export class ControlRefusal extends Refusal {
  override readonly name = 'ControlRefusal';
}

/** Longer than any address, label or passphrase that somebody means. */
export const MAX_VALUE_CHARACTERS = 1000;

/** Checks values that came from outside against the parameters. @throws ControlRefusal */
export function checkArguments(operation: Pick<Operation, 'name' | 'parameters'>, given: unknown): Arguments {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw new ControlRefusal(({ orders }) => orders.notAnObject);
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    if (!operation.parameters.some((parameter) => parameter.name === name)) {
      throw new ControlRefusal(({ orders }) => orders.unknownArgument(operation.name, name));
    }
    if (typeof value !== 'string' || value.length > MAX_VALUE_CHARACTERS) {
      throw new ControlRefusal(({ orders }) => orders.notText(name, MAX_VALUE_CHARACTERS));
    }
    values[name] = value;
  }
  for (const { name, isRequired, isPath = false } of operation.parameters) {
    const value = values[name] ?? '';
    if (isRequired && value === '') throw new ControlRefusal(({ orders }) => orders.missing(operation.name, name));
    // The gateway was started somewhere else than the command.
    if (isPath && value !== '' && !isAbsolute(value)) throw new ControlRefusal(({ orders }) => orders.notAbsolute(value));
  }
  return values;
}
