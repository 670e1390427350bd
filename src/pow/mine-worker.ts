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

const LOWEST_PRIORITY = 19;

let opened: Engine | undefined;
let givesWay = false;

answerJobs<MineRequest, MineReply>((request) => {
  // At ordinary priority: it takes a moment, the first job waits for it, and a busy machine must not spoil it.
  if (request.kind === 'measure') return { measured: fastestEngine() };
  giveWay();
  if (opened?.name !== request.engine) opened = openEngine(request.engine);
  return { nonce: mineShare(opened, request.share, new SharedProgress(request.progress)) };
});

/**
 * Linux keeps a priority for each thread, and 0 there means the calling one: mining gives way to the whole machine, the daemon's
 * own threads keep theirs. Elsewhere the call would lower the whole process, so there it is left alone.
 */
function giveWay(): void {
  if (!givesWay && process.platform === 'linux') setPriority(0, LOWEST_PRIORITY);
  givesWay = true;
}
