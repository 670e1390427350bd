/** Thread door of `open`. */
import { answerJobs } from '../../base/worker-pool.js';
import { createOpener } from './open.js';

answerJobs(createOpener());
