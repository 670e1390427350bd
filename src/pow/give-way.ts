/** Threads that work in the background let everything else go first. */
import { setPriority } from 'node:os';

const LOWEST_PRIORITY = 19;

let givesWay = false;

/**
 * Linux keeps a priority for each thread, and 0 there means the calling one: it gives way to the whole machine, the daemon's
 * own threads keep theirs. Elsewhere the call would lower the whole process, so there it is left alone.
 */
export function giveWay(): void {
  if (!givesWay && process.platform === 'linux') setPriority(0, LOWEST_PRIORITY);
  givesWay = true;
}
