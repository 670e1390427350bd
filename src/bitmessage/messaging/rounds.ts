/** The loops of messaging: round after round until the room stops; a round that fails is not the end of it. */
import type { Clock } from '../../base/clock.js';
import type { Logger } from '../../base/log.js';

/** After a failure (a full disk, a thread that died) the next round begins so much later. */
const PAUSE_SECONDS = 10;

/** @param round does what is due, and waits for more */
export async function runRounds(
  name: string,
  round: (signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
  { clock, log }: { readonly clock: Clock; readonly log: Logger },
): Promise<void> {
  while (!signal.aborted) {
    try {
      await round(signal);
    } catch (error) {
      if (signal.aborted) return;
      log.error(`${name} failed`, { error });
      await clock.sleep(PAUSE_SECONDS * 1000, signal);
    }
  }
}
