/** The shape of an operation: what a person can ask for, named once for the terminal, the local page and whoever comes next. */
import type { BitmessageNode } from '../bitmessage/node.js';

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
  /** @param label the folder's name; '' for the passphrase itself */
  joinChan(passphrase: string, label: string): Promise<Group>;
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

export interface ControlRooms {
  readonly mail: MailAccess;
  readonly node: BitmessageNode;
  readonly groups: Groups;
}

/** Where a value stands on a command line: alone, or behind its --name. */
export interface Parameter {
  readonly name: string;
  readonly place: 'positional' | 'option';
  readonly isRequired: boolean;
  readonly help: string;
}

/** The values by parameter name; what was not given is missing. */
export type Arguments = Readonly<Record<string, string>>;

export interface Answer {
  /** For programs: plain JSON. */
  readonly value: Readonly<Record<string, unknown>>;
  /** For people: one or more lines. */
  readonly text: string;
}

export interface Operation {
  /** As typed: "identity new". */
  readonly name: string;
  readonly help: string;
  readonly parameters: readonly Parameter[];
  run(values: Arguments, rooms: ControlRooms): Promise<Answer> | Answer;
}

/** What was asked for cannot be done; the person reads why. */
export class ControlRefusal extends Error {
  override readonly name = 'ControlRefusal';
}

/** Longer than any address, label or passphrase that somebody means. */
const MAX_VALUE_CHARACTERS = 1000;

/** Checks values that came from outside against the parameters. @throws ControlRefusal */
export function checkArguments(operation: Operation, given: unknown): Arguments {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw new ControlRefusal('the arguments must be a JSON object');
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    if (!operation.parameters.some((parameter) => parameter.name === name)) {
      throw new ControlRefusal(`"${operation.name}" knows no ${name}`);
    }
    if (typeof value !== 'string' || value.length > MAX_VALUE_CHARACTERS) {
      throw new ControlRefusal(`${name} must be text of at most ${MAX_VALUE_CHARACTERS} characters`);
    }
    values[name] = value;
  }
  for (const { name, isRequired } of operation.parameters) {
    if (isRequired && (values[name] ?? '') === '') throw new ControlRefusal(`"${operation.name}" needs ${name}`);
  }
  return values;
}
