/** The private keys of an identity as its row keeps them: as they are, or sealed together with what else would give them away. */
import type { IdentityRow, IdentitySecrets } from '../../store/node/identities.js';
import { PRIVATE_KEY_BYTES } from '../crypto/keys.js';
import type { KeyVault } from '../key-vault.js';
import { concat } from '../wire/bytes.js';

/** What must not be read by who gets hold of the disk. */
export interface Secrets {
  readonly signingPrivateKey: Uint8Array;
  readonly encryptionPrivateKey: Uint8Array;
  /** Of a chan it is the passphrase, of which the keys are made, until somebody renames it. */
  readonly label: string;
}

const NOTHING = new Uint8Array(0);

/** As it is to be kept now. */
export function keepSecrets(vault: KeyVault, { address, chan }: Pick<IdentityRow, 'address' | 'chan'>, secrets: Secrets): IdentitySecrets {
  const { signingPrivateKey, encryptionPrivateKey, label } = secrets;
  if (vault.state === 'open') return { label, signingPrivateKey, encryptionPrivateKey, sealed: null };
  const secret = concat(signingPrivateKey, encryptionPrivateKey, new Uint8Array(Buffer.from(chan ? label : '')));
  const sealed = vault.seal(secret, nameOf(address));
  return { label: chan ? '' : label, signingPrivateKey: NOTHING, encryptionPrivateKey: NOTHING, sealed };
}

/** Null while they are locked. */
export function readSecrets(vault: KeyVault, row: Pick<IdentityRow, 'address' | 'chan'> & IdentitySecrets): Secrets | null {
  const { address, chan, label, sealed } = row;
  if (sealed === null) return row;
  if (vault.state === 'locked') return null;
  const secret = vault.unseal(sealed, nameOf(address));
  return {
    signingPrivateKey: secret.slice(0, PRIVATE_KEY_BYTES),
    encryptionPrivateKey: secret.slice(PRIVATE_KEY_BYTES, 2 * PRIVATE_KEY_BYTES),
    label: chan && label === '' ? Buffer.from(secret.subarray(2 * PRIVATE_KEY_BYTES)).toString() : label,
  };
}

function nameOf(address: string): string {
  return `keys of ${address}`;
}
