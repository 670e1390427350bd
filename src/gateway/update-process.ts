/** Process door: brings a database to the present schema. */
import { answerJob } from '../base/job-process.js';
import { Database } from '../store/database.js';

answerJob<string, void>((path) => new Database(path).close());
