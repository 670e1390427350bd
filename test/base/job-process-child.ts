/** The process of the job process tests. */
import { writeFileSync } from 'node:fs';
import { answerJob } from '../../src/base/job-process.js';

export type Order =
  | { readonly do: 'echo'; readonly bytes: Uint8Array }
  | { readonly do: 'throw' }
  | { readonly do: 'exit' }
  /** Writes its process id, then hears nobody any more. */
  | { readonly do: 'block'; readonly pidFile: string };

answerJob<Order, Uint8Array>((order) => {
  switch (order.do) {
    case 'echo':
      return order.bytes;
    case 'throw':
      throw new RangeError('too far');
    case 'exit':
      return process.exit(3);
    case 'block':
      writeFileSync(order.pidFile, `${process.pid}`);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
      return new Uint8Array();
  }
});
