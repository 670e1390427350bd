/** Thread door: reads large mails out of files, away from the main thread. */
import { answerJobs } from '../base/worker-pool.js';
import { type DescribedMail, describeMail, type MailJob } from './prepared-mail.js';

answerJobs<MailJob, DescribedMail>(describeMail, ({ raw }) => [raw.buffer as ArrayBuffer]);
