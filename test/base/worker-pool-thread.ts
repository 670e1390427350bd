/** The thread of worker-pool.test.ts: does as it is told, crashes included. */
import { threadId } from 'node:worker_threads';
import { answerJobs } from '../../src/base/worker-pool.js';

export type Order =
  | { do: 'echo'; text: string }
  | { do: 'throw'; text: string }
  | { do: 'exit' }
  | { do: 'crash' }
  | { do: 'length'; bytes: Uint8Array }
  | { do: 'fill'; length: number }
  /** Waits until the first cell is not 0. */
  | { do: 'wait'; gate: Int32Array };

export interface Done {
  text: string;
  bytes?: Uint8Array<ArrayBuffer>;
  thread: number;
}

answerJobs<Order, Done>(
  async (order) => {
    const done = (text: string): Done => ({ text, thread: threadId });
    switch (order.do) {
      case 'echo':
        return done(order.text);
      case 'throw':
        throw new RangeError(order.text);
      case 'exit':
        process.exit(3);
        return done('');
      case 'crash':
        setImmediate(() => {
          throw new Error('as ordered');
        });
        return new Promise<Done>(() => {});
      case 'length':
        return done(`${order.bytes.length}`);
      case 'fill':
        return { ...done(''), bytes: new Uint8Array(order.length).fill(7) };
      case 'wait':
        Atomics.wait(order.gate, 0, 0);
        return done('waited');
    }
  },
  (done) => (done.bytes === undefined ? [] : [done.bytes.buffer]),
);
