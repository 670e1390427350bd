/** What memory is really held: measured after the garbage is collected, so that a busy machine does not decide a test. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes held outside the JavaScript heap: buffers above all. */
export function heldOutsideHeap(): number {
  collectGarbage();
  // The first round gives buffers back in a thread of its own; the next one waits for that.
  collectGarbage();
  return process.memoryUsage().external;
}

/** Bytes of living objects in the JavaScript heap. */
export function heldInHeap(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}
