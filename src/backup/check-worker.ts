/** Thread door: looks through the database for damage, away from the main thread. */
import { answerJobs } from '../base/worker-pool.js';
import { findFault } from '../store/snapshot.js';

answerJobs<string, string | null>(findFault);
