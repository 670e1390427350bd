/** Thread door of `open` where there is much to open: gives way to everything else. */
import { answerJobs } from '../../base/worker-pool.js';
import { giveWay } from '../../pow/give-way.js';
import { createOpener } from './open.js';

giveWay();
answerJobs(createOpener());
