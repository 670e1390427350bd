/** Thread door: work on large messages, away from the main thread. */
import { answerJobs } from '../base/worker-pool.js';
import { doLargeMessageJob, type LargeMessageAnswer, type LargeMessageJob } from './large-message-jobs.js';

answerJobs<LargeMessageJob, LargeMessageAnswer>(doLargeMessageJob, (answer) =>
  answer.kind === 'describe' ? [answer.raw.buffer as ArrayBuffer] : [],
);
