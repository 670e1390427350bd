/** Thread door: measures the engines, and mines a share of a job. */
import { answerJobs } from '../base/worker-pool.js';
import type { Engine } from './engine.js';
import { fastestEngine, type Measured, openEngine } from './engines.js';
import { giveWay } from './give-way.js';
import { mineShare, type Share, SharedProgress } from './mine-share.js';

export type MineRequest =
  | { readonly kind: 'measure' }
  | { readonly kind: 'mine'; readonly engine: string; readonly share: Share; readonly progress: SharedArrayBuffer };

export type MineReply = { readonly measured: Measured } | { readonly nonce: bigint | null };

let opened: Engine | undefined;

answerJobs<MineRequest, MineReply>((request) => {
  // At ordinary priority: it takes a moment, the first job waits for it, and a busy machine must not spoil it.
  if (request.kind === 'measure') return { measured: fastestEngine() };
  giveWay();
  if (opened?.name !== request.engine) opened = openEngine(request.engine);
  return { nonce: mineShare(opened, request.share, new SharedProgress(request.progress)) };
});
