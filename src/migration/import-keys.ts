/** Keys from elsewhere: a keys.dat of notbit (or Jabit, or PyBitmessage alone), and a pair of keys in WIF. */

import { parseAddress } from '../bitmessage/crypto/address.js';
import { pubkeyData } from '../bitmessage/objects/pubkey-data.js';
import { DecodeError } from '../bitmessage/wire/bytes.js';
import { readKeysFile } from './foreign-directory.js';
import { CHAN_PREFIX, type KeysDatPubkey, readKeysDat, readWifPair } from './formats/keys-dat.js';
import type { ImportRooms } from './import-pybitmessage.js';
import { MigrationRefusal } from './refusal.js';
import { type ImportReport, Tally } from './report.js';

/** @throws MigrationRefusal */
export async function importKeysFile(path: string, rooms: ImportRooms): Promise<ImportReport> {
  const { identities, pubkeys, damaged } = readKeysDat(await readKeysFile(path));
  if (identities.length + pubkeys.length + damaged.length === 0) throw new MigrationRefusal(({ moving }) => moving.notbit.empty(path));
  const tally = new Tally();
  const { contacts, database, groups, node } = rooms;
  for (const { name, reason } of damaged) {
    tally.count('identities', 'refused');
    tally.note(({ moving }) => moving.pybitmessage.notTaken(name, reason));
  }
  for (const identity of identities) {
    const label = identity.chan && identity.label.startsWith(CHAN_PREFIX) ? identity.label.slice(CHAN_PREFIX.length) : identity.label;
    database.transaction(() => {
      const outcome = node.takeover.identity({ ...identity, label });
      tally.count(identity.chan ? 'chans' : 'identities', outcome);
      if (outcome === 'taken') node.takeover.lookBack([identity.address]);
      if (identity.chan) groups.ensureFolder({ kind: 'chan', address: identity.address, label }, { passphrase: '' });
    });
  }
  database.transaction(() => {
    for (const pubkey of pubkeys) {
      tally.count('public keys', node.takeover.pubkey({ address: pubkey.address, data: toPubkeyData(pubkey), learntAt: 0 }));
      // Whose key notbit keeps under a name, its owner writes to.
      if (pubkey.label !== '') tally.count('contacts', contacts.add(pubkey.address, pubkey.label) ? 'taken' : 'known');
    }
  });
  return tally.report();
}

/** @throws MigrationRefusal */
export function importWif(
  keys: { signing: string; encryption: string; label: string; version: 3 | 4 },
  { database, node }: ImportRooms,
): { address: string; isNew: boolean } {
  const pair = readPair(keys);
  const { address } = pair;
  const isNew = database.transaction(() => {
    const outcome = node.takeover.identity({
      ...pair,
      label: keys.label,
      enabled: true,
      chan: false,
      mailingList: null,
      sendsAcks: true,
      demandTrials: 0,
      demandExtraBytes: 0,
      pubkeySentAt: 0,
    });
    if (outcome === 'taken') node.takeover.lookBack([address]);
    return outcome === 'taken';
  });
  return { address, isNew };
}

function readPair({
  signing,
  encryption,
  version,
}: {
  signing: string;
  encryption: string;
  version: 3 | 4;
}): ReturnType<typeof readWifPair> {
  try {
    return readWifPair(signing, encryption, version);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    const isSigning = error.message.startsWith('its signing key');
    throw new MigrationRefusal(({ moving: { wif } }) => (isSigning ? wif.badSigning : wif.badEncryption), { cause: error });
  }
}

function toPubkeyData({ address, signingKey, encryptionKey, demandTrials, demandExtraBytes }: KeysDatPubkey): Uint8Array {
  const { version, stream } = parseAddress(address);
  // notbit does not keep the bitfield; nearly everybody sends acks.
  return pubkeyData({
    version,
    stream,
    behavior: 1,
    signingKey,
    encryptionKey,
    nonceTrialsPerByte: demandTrials,
    extraBytes: demandExtraBytes,
  });
}
