/** What this process has worked so far. A bound on it says what one on the clock would, and holds on a machine that is busy with others. */

/** Milliseconds of processor time, of all threads together. */
export function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
