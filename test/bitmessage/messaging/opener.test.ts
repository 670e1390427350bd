/** Opening long lists: shared out among threads, and the answers in the order of the objects. */
import assert from 'node:assert/strict';
import { encrypt } from '../../../src/bitmessage/crypto/ecies.js';
import { sha512 } from '../../../src/bitmessage/crypto/hash.js';
import { randomPrivateKey } from '../../../src/bitmessage/crypto/key-search.js';
import { publicKeyOf } from '../../../src/bitmessage/crypto/keys.js';
import { Opener } from '../../../src/bitmessage/messaging/opener.js';
import { objectBody, withNonce } from '../../../src/bitmessage/wire/object.js';
import { OBJECT_MSG } from '../../../src/bitmessage/wire/params.js';

const OURS = randomPrivateKey();
const ripe = sha512(OURS).subarray(0, 20);
const OTHERS = publicKeyOf(randomPrivateKey());
const never = new AbortController().signal;

/** What opens says nothing that can be read: that it opened is seen all the same. */
function object(isOurs: boolean): Uint8Array {
  const fields = { expiresAt: 2_000_000_000, type: OBJECT_MSG, version: 1n, stream: 1n };
  return withNonce(0n, objectBody(fields, encrypt(new Uint8Array(100), isOurs ? publicKeyOf(OURS) : OTHERS)));
}

describe('opener', function () {
  this.timeout(20_000);
  for (const helpers of [0, 3])
    it(`answers in the order of the objects with ${helpers} helpers`, async () => {
      const opener = new Opener({ helpers });
      const isOurs = Array.from({ length: 100 }, (_, at) => at % 7 === 0);
      const keys = { recipients: [{ ripe, encryptionPrivateKey: OURS }], authors: [] };
      const opened = await opener.open(keys, isOurs.map(object), never);
      assert.deepEqual(
        opened.map(({ type }) => type === 'msg'),
        isOurs,
      );
      await opener.stop();
    });

  it('has nothing to do without keys', async () => {
    const opener = new Opener({ helpers: 1 });
    assert.deepEqual(await opener.open({ recipients: [], authors: [] }, [object(true)], never), [{ type: 'none' }]);
    await opener.stop();
  });
});
