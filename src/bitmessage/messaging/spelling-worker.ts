/** Thread door of `searchSpellings`. */
import { answerJobs } from '../../base/worker-pool.js';
import { giveWay } from '../../pow/give-way.js';
import { openShortHasher, type ShortHasher } from '../../pow/short-hasher.js';
import { type SpellingShare, searchSpellings } from './spelling-search.js';

let hasher: ShortHasher | undefined;

answerJobs<SpellingShare, string[]>((share) => {
  giveWay();
  hasher ??= openShortHasher();
  return searchSpellings(hasher, share);
});
