/** Process door: brings a database to the present schema. */
import { answerJob } from '../base/job-process.js';
import { Database } from '../store/database.js';
import type { SqliteFile } from '../store/sqlite-file.js';

answerJob<SqliteFile, void>((file) => new Database(file).close());
