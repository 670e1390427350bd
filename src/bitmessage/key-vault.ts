/** DOOR: what the node asks of whoever keeps its private keys unreadable on the disk. */

/** Encryption at rest, as those see it who keep secrets in the store. */
export interface KeyVault {
  /** 'open': nothing is encrypted, and secrets are kept as they are. */
  readonly state: 'open' | 'locked' | 'unlocked';
  /** Only while unlocked. @param name what the secret is: it opens under no other */
  seal(secret: Uint8Array, name: string): Uint8Array;
  unseal(sealed: Uint8Array, name: string): Uint8Array;
  /** Called inside the transaction that turns encryption on or off, when `state` is the new one, to keep every secret in its other form. */
  onTurn(rewrite: () => void): void;
  onUnlocked(listener: () => void): void;
}

/** Private keys were to be kept or used while they are locked; the person reads the message. */
export class KeysLocked extends Error {
  override readonly name = 'KeysLocked';

  constructor() {
    super('your keys are locked: unlock them with "postern unlock" first');
  }
}

/** Encrypts nothing. */
export const OPEN_VAULT: KeyVault = {
  state: 'open',
  seal: notEncrypted,
  unseal: notEncrypted,
  onTurn: () => {},
  onUnlocked: () => {},
};

function notEncrypted(): never {
  throw new Error('nothing is encrypted here');
}
