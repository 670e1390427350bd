/** Process door: looks through the database for damage. */
import { answerJob } from '../base/job-process.js';
import { findFault } from '../store/snapshot.js';

answerJob<string, string | null>(findFault);
