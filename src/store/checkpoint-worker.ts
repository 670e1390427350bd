/** Thread door: checkpoints, away from the main thread. */
import { answerJobs } from '../base/worker-pool.js';
import { type CheckpointOrder, checkpoint } from './checkpoint.js';

answerJobs<CheckpointOrder, void>(checkpoint);
