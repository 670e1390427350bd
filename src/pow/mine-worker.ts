/** Thread door: measures the engines, and mines a share of a job. */
import { setPriority } from 'node:os';
import { answerJobs } from '../base/worker-pool.js';
import type { Engine } from './engine.js';
import { fastestEngine, type Measured, openEngine } from './engines.js';
import { mineShare, type Share, SharedProgress } from './mine-share.js';

export type MineRequest =
  | { readonly kind: 'measure' }
  | { readonly kind: 'mine'; readonly engine: string; readonly share: Share; readonly progress: SharedArrayBuffer };

export type MineReply = { readonly measured: Measured } | { readonly nonce: bigint | null };

// Linux keeps a priority for each thread, and 0 there means the calling one: mining gives way to the whole machine, the
// daemon's own threads keep theirs. Elsewhere the call would lower the process, so there it is left alone.
const LOWEST_PRIORITY = 19;
if (process.platform === 'linux') setPriority(0, LOWEST_PRIORITY);

let opened: Engine | undefined;

answerJobs<MineRequest, MineReply>((request) => {
  if (request.kind === 'measure') return { measured: fastestEngine() };
  if (opened?.name !== request.engine) opened = openEngine(request.engine);
  return { nonce: mineShare(opened, request.share, new SharedProgress(request.progress)) };
});
