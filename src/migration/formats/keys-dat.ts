/** Pure: the identities and settings in a keys.dat of PyBitmessage, notbit or Jabit, and writing one. */
import { type Address, decodeAddress, formatAddress } from '../../bitmessage/crypto/address.js';
import { decodeBase58 } from '../../bitmessage/crypto/base58.js';
import { identityKeys, isPublicKey, ripeOf } from '../../bitmessage/crypto/keys.js';
import { formatWif, parseWif } from '../../bitmessage/crypto/wif.js';
import { DecodeError, equalBytes } from '../../bitmessage/wire/bytes.js';
import { booleanOf, type RawSection, readPythonConfig, textOf, wholeOf } from './python-config.js';

export interface KeysDatIdentity {
  /** Canonical. */
  readonly address: string;
  readonly label: string;
  readonly enabled: boolean;
  readonly chan: boolean;
  /** The name that goes before subjects when it is a mailing list, else null. */
  readonly mailingList: string | null;
  readonly sendsAcks: boolean;
  /** The provider, for an account at an e-mail gateway, else ''. */
  readonly gateway: string;
  /** In units in which 1000 is the network's minimum. 0: nothing is said. */
  readonly demandTrials: number;
  readonly demandExtraBytes: number;
  /** Private, 32 bytes each. */
  readonly signingKey: Uint8Array;
  readonly encryptionKey: Uint8Array;
  /** When its pubkey was last published, 0: never. */
  readonly pubkeySentAt: number;
}

/** notbit keeps the keys of others in the same file. */
export interface KeysDatPubkey {
  readonly address: string;
  readonly label: string;
  /** Public, 64 bytes each. */
  readonly signingKey: Uint8Array;
  readonly encryptionKey: Uint8Array;
  readonly demandTrials: number;
  readonly demandExtraBytes: number;
}

export interface KeysDat {
  readonly settings: RawSection;
  readonly identities: readonly KeysDatIdentity[];
  readonly pubkeys: readonly KeysDatPubkey[];
  /** Sections that cannot be used, with the reason in words. */
  readonly damaged: readonly { readonly name: string; readonly reason: string }[];
}

const SETTINGS_SECTION = 'bitmessagesettings';
/** The first version whose addresses count difficulty in today's unit: PyBitmessage helper_startup.py. */
const FIRST_VERSION_OF_TODAYS_UNITS = 10;
/** The minima before protocol version 3, and what they are today. */
const OLD_TRIALS_UNIT = 320;
const OLD_EXTRA_BYTES_UNIT = 14_000;
const UNIT = 1000;
const UNCOMPRESSED_POINT = 0x04;

/** @param bytes UTF-8; damaged labels do not cost the keys */
export function readKeysDat(bytes: Uint8Array): KeysDat {
  const { sections } = readPythonConfig(new TextDecoder().decode(bytes));
  const settings = sections.get(SETTINGS_SECTION) ?? new Map<string, string>();
  // notbit and Jabit write no version: they came after the change of units.
  const isOld = (wholeOf(settings, 'settingsversion') ?? FIRST_VERSION_OF_TODAYS_UNITS) < FIRST_VERSION_OF_TODAYS_UNITS;
  const identities: KeysDatIdentity[] = [];
  const pubkeys: KeysDatPubkey[] = [];
  const damaged: { name: string; reason: string }[] = [];
  for (const [name, section] of sections) {
    if (!name.startsWith('BM-')) continue;
    try {
      const address = readName(name);
      if (section.has('privsigningkey')) identities.push(readIdentity(address, section, isOld));
      else if (section.has('pubsigningkey')) pubkeys.push(readPubkey(address, section));
      else damaged.push({ name, reason: 'it holds no keys' });
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      damaged.push({ name, reason: error.message });
    }
  }
  return { settings, identities, pubkeys, damaged };
}

/** A section that PyBitmessage, notbit and Jabit read. */
export function keysDatSection(identity: KeysDatIdentity): string {
  const { address, label, enabled, chan, mailingList, sendsAcks, demandTrials, demandExtraBytes, pubkeySentAt } = identity;
  const lines: [string, string][] = [
    ['label', escaped(chan && !label.startsWith(CHAN_PREFIX) ? `${CHAN_PREFIX}${label}` : label)],
    ['enabled', String(enabled)],
    ['decoy', 'false'],
    ...(chan ? ([['chan', 'true']] as [string, string][]) : []),
    ['noncetrialsperbyte', String(demandTrials || UNIT)],
    ['payloadlengthextrabytes', String(demandExtraBytes || UNIT)],
    ['privsigningkey', formatWif(identity.signingKey)],
    ['privencryptionkey', formatWif(identity.encryptionKey)],
    ...(sendsAcks ? [] : ([['dontsendack', 'true']] as [string, string][])),
    ...(mailingList === null
      ? []
      : ([
          ['mailinglist', 'true'],
          ['mailinglistname', escaped(mailingList)],
        ] as [string, string][])),
    ...(pubkeySentAt === 0 ? [] : ([['lastpubkeysendtime', String(pubkeySentAt)]] as [string, string][])),
  ];
  return `[${address}]\n${lines.map(([key, value]) => `${key} = ${value}\n`).join('')}\n`;
}

/** What PyBitmessage puts before the passphrase of a chan. */
export const CHAN_PREFIX = '[chan] ';

/** The identity that two keys in WIF make. @throws DecodeError in words for whoever typed them */
export function readWifPair(
  signing: string,
  encryption: string,
  version: 3 | 4,
): { address: string; signingKey: Uint8Array; encryptionKey: Uint8Array } {
  const signingKey = readKey(signing, 'signing key');
  const encryptionKey = readKey(encryption, 'encryption key');
  const { ripe } = identityKeys(signingKey, encryptionKey);
  return { address: formatAddress({ version, stream: 1n, ripe }), signingKey, encryptionKey };
}

function readName(name: string): Address {
  const decoded = decodeAddress(name);
  if (decoded.status !== 'success') throw new DecodeError(`its name is no address (${decoded.status})`);
  if (decoded.address.version < 2) throw new DecodeError('an address of version 1, which no program can use any more');
  return decoded.address;
}

function readIdentity(address: Address, section: RawSection, isOld: boolean): KeysDatIdentity {
  const signingKey = readKey(textOf(section, 'privsigningkey') ?? '', 'signing key');
  const encryptionKey = readKey(textOf(section, 'privencryptionkey') ?? '', 'encryption key');
  if (!equalBytes(identityKeys(signingKey, encryptionKey).ripe, address.ripe))
    throw new DecodeError('its keys are those of another address');
  const chan = booleanOf(section, 'chan') ?? false;
  const isList = booleanOf(section, 'mailinglist') ?? false;
  return {
    address: formatAddress(address),
    label: textOf(section, 'label') ?? '',
    enabled: booleanOf(section, 'enabled') ?? true,
    chan,
    mailingList: isList ? (textOf(section, 'mailinglistname') ?? '') : null,
    sendsAcks: !(booleanOf(section, 'dontsendack') ?? false),
    gateway: textOf(section, 'gateway') ?? '',
    ...readDemand(section, isOld),
    signingKey,
    encryptionKey,
    pubkeySentAt: wholeOf(section, 'lastpubkeysendtime') ?? 0,
  };
}

function readPubkey(address: Address, section: RawSection): KeysDatPubkey {
  const signingKey = readPoint(textOf(section, 'pubsigningkey') ?? '');
  const encryptionKey = readPoint(textOf(section, 'pubencryptionkey') ?? '');
  if (!equalBytes(ripeOf(signingKey, encryptionKey), address.ripe)) throw new DecodeError('its keys are those of another address');
  return {
    address: formatAddress(address),
    label: textOf(section, 'label') ?? '',
    signingKey,
    encryptionKey,
    ...readDemand(section, false),
  };
}

function readDemand(section: RawSection, isOld: boolean): { demandTrials: number; demandExtraBytes: number } {
  const trials = wholeOf(section, 'noncetrialsperbyte') ?? 0;
  const extraBytes = wholeOf(section, 'payloadlengthextrabytes') ?? 0;
  if (!isOld) return { demandTrials: trials, demandExtraBytes: extraBytes };
  return { demandTrials: toTodaysTrials(trials), demandExtraBytes: toTodaysExtraBytes(extraBytes) };
}

/** PyBitmessage helper_startup.py, from version 9 to 10: up to twice the old minimum is the minimum of today. */
function toTodaysTrials(old: number): number {
  if (old === 0) return 0;
  const factor = old / OLD_TRIALS_UNIT;
  return Math.floor((factor <= 2 ? 1 : factor) * UNIT);
}

function toTodaysExtraBytes(old: number): number {
  if (old === 0) return 0;
  return Math.floor(Math.max(old / OLD_EXTRA_BYTES_UNIT, 1) * UNIT);
}

function readKey(text: string, what: string): Uint8Array {
  try {
    return parseWif(text);
  } catch (error) {
    if (error instanceof DecodeError) throw new DecodeError(`its ${what} cannot be used: ${error.message}`);
    throw error;
  }
}

function readPoint(text: string): Uint8Array {
  const bytes = decodeBase58(text.trim());
  const point = bytes?.subarray(1);
  if (bytes === undefined || point === undefined || bytes[0] !== UNCOMPRESSED_POINT || !isPublicKey(point)) {
    throw new DecodeError('its public keys cannot be used');
  }
  return new Uint8Array(point);
}

/** So that ConfigParser reads what was meant: "%" doubled, one line. */
function escaped(text: string): string {
  return text.replaceAll('%', '%%').replace(/\s+/g, ' ').trim();
}
