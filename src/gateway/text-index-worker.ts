/** Thread door: indexes the text of mail, away from the main thread. */
import { answerJobs } from '../base/worker-pool.js';
import { foldedText } from '../mime/searchable-text.js';
import { type IndexingOrder, type IndexingResult, takeIndexingTurn } from '../store/mail/text-indexing.js';

answerJobs<IndexingOrder, IndexingResult>((order) => takeIndexingTurn(order, foldedText));
