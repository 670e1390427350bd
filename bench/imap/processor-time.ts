/**
 * Processor time of a process and its children, by Linux's /proc: what a busy machine does not change. To the microsecond, where
 * /proc/PID/stat counts hundredths of a second; but what threads have done that are no more is not in it.
 */
import { readdirSync, readFileSync } from 'node:fs';

const NANOSECONDS_PER_MS = 1e6;

/** Milliseconds up to now; null where there is no /proc. */
export function processorMs(pid: number): number | null {
  try {
    const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    const own = processes.filter((name) => Number(name) === pid || parentOf(name) === pid);
    return own.reduce((sum, name) => sum + nanosecondsOf(name), 0) / NANOSECONDS_PER_MS;
  } catch {
    return null;
  }
}

/** Null: it has ended meanwhile. */
function parentOf(name: string): number | null {
  const stat = readIfThere(`/proc/${name}/stat`);
  // After the program's name in parentheses: state, parent, …
  return stat === null ? null : Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

function nanosecondsOf(name: string): number {
  const threads = readdirSync(`/proc/${name}/task`);
  return threads.reduce((sum, thread) => sum + Number(readIfThere(`/proc/${name}/task/${thread}/schedstat`)?.split(' ')[0] ?? 0), 0);
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return null;
  }
}
