/** What another process has cost so far, by Linux's /proc. */
import { readFileSync } from 'node:fs';
import { systemClock } from '../src/base/clock.js';

/** /proc/PID/stat counts in these. */
const CLOCK_TICKS_PER_SECOND = 100;
/** Of a second: what timers need. */
const AT_REST_SECONDS = 0.1;

/** User and system time, of all threads. */
export function processorSeconds(pid: number | undefined): number {
  // Fields 14 and 15, counted after the command's closing parenthesis.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_PER_SECOND;
}

/** Bytes. */
export function peakMemory(pid: number | undefined): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
}

/** Resolves when the process has done next to nothing for a second. */
export async function untilAtRest(pid: number | undefined): Promise<void> {
  for (let before = -1, now = processorSeconds(pid); now - before > AT_REST_SECONDS; now = processorSeconds(pid)) {
    before = now;
    await systemClock.sleep(1000);
  }
}
