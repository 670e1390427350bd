/** Process door: looks through the database for damage. */
import { answerJob } from '../base/job-process.js';
import { findFault } from '../store/snapshot.js';
import type { SqliteFile } from '../store/sqlite-file.js';

answerJob<SqliteFile, string | null>(findFault);
