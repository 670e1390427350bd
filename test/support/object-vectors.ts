/** The object vectors in the forms that our codecs speak. */
import { parseAddress } from '../../src/bitmessage/crypto/address.js';
import { identityKeys } from '../../src/bitmessage/crypto/keys.js';
import type { Author } from '../../src/bitmessage/objects/pubkey-data.js';
import { fromHex } from '../../src/bitmessage/wire/bytes.js';

export interface VectorIdentity {
  readonly address: string;
  readonly version: number;
  readonly ripe: string;
  readonly signingPrivateKey: string;
  readonly encryptionPrivateKey: string;
  readonly nonceTrialsPerByte: number;
  readonly payloadLengthExtraBytes: number;
  readonly doesAck: boolean;
}

export function authorOf(identity: VectorIdentity): Author {
  const { version, stream } = parseAddress(identity.address);
  return {
    version,
    stream,
    keys: identityKeys(fromHex(identity.signingPrivateKey), fromHex(identity.encryptionPrivateKey)),
    behavior: identity.doesAck ? 1 : 0,
    nonceTrialsPerByte: identity.nonceTrialsPerByte,
    extraBytes: identity.payloadLengthExtraBytes,
  };
}
