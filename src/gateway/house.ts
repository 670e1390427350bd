/** The house behind the doors, on an open database: mail, node, what joins them, what moves mail in and out, and backups. */
import { Backup } from '../backup/backup.js';
import { DatabaseCheck } from '../backup/database-check.js';
import { NightlyBackup } from '../backup/nightly.js';
import type { Clock } from '../base/clock.js';
import type { Logger } from '../base/log.js';
import type { OnDisk } from '../base/on-disk.js';
import { createNode, type NodeRooms } from '../bitmessage/create-node.js';
import type { KeyVault } from '../bitmessage/key-vault.js';
import type { BitmessageNode, Identity, NodeListener, OpenNode } from '../bitmessage/node.js';
import { type Config, parseHostPort } from '../config.js';
import type { MailClerk } from '../control/by-mail.js';
import type { ControlRooms } from '../control/operation.js';
import type { ImapHouse } from '../imap/session.js';
import { Mapping } from '../mapping/mapping.js';
import { Migration } from '../migration/migration.js';
import { NameResolver } from '../namecoin/name-resolver.js';
import type { Database } from '../store/database.js';
import { SqliteMetadata } from '../store/mail/metadata.js';
import type { Words } from '../words/words.js';
import { listen } from './listen.js';
import { type MailStore, openMailStore } from './mail-store.js';
import { messagingOptions } from './messaging-options.js';
import { networkOptions } from './network-options.js';
import type { Opened } from './open-store.js';
import { type Surroundings, watchSurroundings } from './surroundings.js';
import type { StoreFiles } from './text-index.js';

export interface HouseOptions {
  readonly config: Config;
  readonly dataDirectory: string;
  readonly files: StoreFiles;
}

export interface HouseRooms {
  readonly database: Database;
  readonly vault: KeyVault;
  readonly clerk: MailClerk;
  readonly clock: Clock;
  readonly log: Logger;
  readonly words: Words;
}

export interface House {
  readonly node: OpenNode;
  readonly mapping: Mapping;
  readonly imap: ImapHouse;
  /** Of what can be ordered, what lives in here. */
  readonly control: HouseControl;
  findFault(): Promise<string | null>;
  /** See base/on-disk. */
  readonly onDisk: OnDisk;
}

type HouseControl = Omit<ControlRooms, 'mail' | 'custody' | 'password' | 'premises' | 'openPage' | 'words'>;

/** @throws StartError when the network's port cannot be had */
export async function openHouse(options: HouseOptions, rooms: HouseRooms, opened: Opened): Promise<House> {
  const { config, dataDirectory, files } = options;
  const { database, clock, log } = rooms;
  const surroundings = await watchSurroundings(config, dataDirectory, { clock, log });
  opened(() => surroundings.stop());
  const mailStore = openMailStore(files, database, { clock, log: log.child('store') });
  opened(() => mailStore.stop());
  const { mailboxes, messages } = mailStore;
  const { node, mapping } = furnish(config, rooms, mailStore, surroundings);
  if (ownIdentities(node).length === 0) await node.createIdentity({ label: config.mail.first_identity });
  await mapping.start();
  opened(() => mapping.stop());
  opened(() => node.stop());
  await listen(config, 'network', () => node.start());

  const migration = new Migration(
    { scratch: dataDirectory },
    { database, mailboxes, messages, node, groups: mapping.groups, clock, log: log.child('migration') },
  );
  const key = typeof files.mail === 'string' ? null : files.mail.key;
  const backup = new Backup({ dataDirectory, key }, { clock, log: log.child('backup') });
  await backup.start();
  opened(async () => void (await Promise.all([migration.stop(), backup.stop()])));
  startNightlyBackups(config, backup, rooms, opened);
  const check = new DatabaseCheck(files.mail);
  opened(() => check.stop());
  const { groups, scheduled, speller, readings, chanLimits, contacts, blocking, folderRules: folders } = mapping;
  return {
    node,
    mapping,
    imap: { mailboxes, messages, metadata: new SqliteMetadata(database), folders },
    control: { node, groups, scheduled, speller, readings, chanLimits, contacts, blocking, migration, backup },
    findFault: () => check.run(),
    onDisk: database.onDisk,
  };
}

export function ownIdentities(node: BitmessageNode): Identity[] {
  return node.identities().filter(({ chan }) => !chan);
}

/** The rooms between the doors, not yet started. Node and mapping know each other: the one by its door, the other by its listener. */
function furnish(
  config: Config,
  rooms: HouseRooms,
  { mailboxes, messages }: MailStore,
  { disk, power }: Surroundings,
): { node: OpenNode; mapping: Mapping } {
  const { database, vault, clock, log, clerk, words } = rooms;
  const node = makeNode(
    config,
    rooms,
    {
      deliver: (message) => mapping.listener.deliver(message),
      outgoingChanged: (message) => mapping.listener.outgoingChanged(message),
    },
    { standing: (address) => mapping.blocking.standing(address), diskIsLow: () => disk.isLow, vault, power },
  );
  const mapping = new Mapping(
    {
      ttlSeconds: config.mail.ttl_hours * 3600,
      chanLimits: { postsPerDay: config.mail.chan_posts_per_day, postBytes: config.mail.chan_post_bytes },
      accept: config.mail.accept,
      namecoin: makeNameResolver(config, clock),
    },
    { database, mailboxes, messages, node, vault, clock, log: log.child('mapping'), clerk, words },
  );
  return { node, mapping };
}

function makeNode(
  config: Config,
  { database, clock, log }: HouseRooms,
  listener: NodeListener,
  questions: Pick<NodeRooms, 'standing' | 'diskIsLow' | 'vault' | 'power'>,
): OpenNode {
  const { network, pow } = config;
  return createNode(
    {
      network: networkOptions(network),
      ...(pow.threads === 0 ? {} : { miningThreads: pow.threads }),
      messaging: messagingOptions(config),
    },
    { database, clock, log, listener, ...questions },
  );
}

function makeNameResolver(config: Config, clock: Clock): NameResolver | null {
  const { rpc, user, password } = config.namecoin;
  const address = parseHostPort(rpc);
  return address === undefined ? null : new NameResolver({ ...address, user, password }, { clock });
}

function startNightlyBackups(config: Config, backup: Backup, { clock, log }: HouseRooms, opened: Opened): void {
  const { directory, keep, passphrase_file: passphraseFile } = config.backup;
  if (directory === '') return;
  const nightly = new NightlyBackup({ directory, keep, passphraseFile }, { backup, clock, log: log.child('backup') });
  nightly.start();
  // A backup that runs is ended first: this one waits for it.
  opened(async () => void (await Promise.all([backup.stop(), nightly.stop()])));
}
