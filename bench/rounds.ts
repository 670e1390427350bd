/** Long runs in rounds, each with a seed of its own that repeats it, and a line of output with the memory in use. */

/** @param play answers what the round has shown */
export async function inRounds(
  total: number,
  perRound: number,
  seed: number,
  play: (count: number, seed: number) => Promise<string>,
): Promise<void> {
  for (let done = 0, round = 0; done < total; round++) {
    const count = Math.min(perRound, total - done);
    const shown = await play(count, seed + round);
    done += count;
    const mib = (bytes: number): string => (bytes / 2 ** 20).toFixed(0);
    const { heapUsed, rss } = process.memoryUsage();
    console.log(`${done} ${shown}, heap ${mib(heapUsed)} MiB, RSS ${mib(rss)} MiB`);
  }
}
