/** Thread door: questions to the full-text index, away from the main thread. */
import { answerJobs } from '../../base/worker-pool.js';
import { createFinder, type FindOrder, type FindResult } from './text-finding.js';

answerJobs<FindOrder, FindResult>(createFinder(), (found) =>
  found === null || found === 'index damaged' ? [] : [found.sure.buffer as ArrayBuffer, found.possible.buffer as ArrayBuffer],
);
