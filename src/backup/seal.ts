/** Encrypts and decrypts a stream with a passphrase, in the age format: wraps `age-encryption`. */
import { Decrypter, Encrypter } from 'age-encryption';
import { Refusal } from '../words/refusal.js';

/** The passphrase is wrong, or the file is no backup or damaged; the person reads the message. */
export class SealError extends Refusal {
  override readonly name = 'SealError';
}

/**
 * age's own program takes 18; that wants 256 MB of memory for a second, which small machines do not have beside the rest. 17 makes
 * guessing half as dear. When reading, the library refuses more than 20.
 */
const WORK_FACTOR = 17;
/** Blocks the thread for about a second. */
export async function* seal(chunks: AsyncIterable<Uint8Array>, passphrase: string, workFactor = WORK_FACTOR): AsyncGenerator<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase);
  encrypter.setScryptWorkFactor(workFactor);
  yield* fromWeb(await encrypter.encrypt(toWeb(chunks)));
}

/** Blocks the thread for about a second. @throws SealError */
export async function* unseal(chunks: AsyncIterable<Uint8Array>, passphrase: string): AsyncGenerator<Uint8Array> {
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  const opened = await decrypter.decrypt(toWeb(chunks)).catch((error: Error) => {
    throw new SealError(({ moving: { restore } }) => (isWrongPassphrase(error) ? restore.wrongPassphrase : restore.notABackup), {
      cause: error,
    });
  });
  try {
    yield* fromWeb(opened);
  } catch (error) {
    throw new SealError(({ moving }) => moving.restore.damaged, { cause: error });
  }
}

function isWrongPassphrase({ message }: Error): boolean {
  return /no identity matched/.test(message);
}

function toWeb(chunks: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const { done, value } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(new Uint8Array(value));
    },
    cancel: async () => void (await iterator.return?.()),
  });
}

async function* fromWeb(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
