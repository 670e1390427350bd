/** Processor time of a process and its children, by Linux's /proc: what a busy machine does not change. */
import { readdirSync, readFileSync } from 'node:fs';

/** /proc/PID/stat counts in these. */
const MS_PER_TICK = 10;

/** Milliseconds up to now; null where there is no /proc. */
export function processorMs(pid: number): number | null {
  try {
    const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    const stats = processes.map(readStat).filter((stat) => stat !== null);
    return stats.filter((stat) => stat.pid === pid || stat.parent === pid).reduce((sum, { ticks }) => sum + ticks, 0) * MS_PER_TICK;
  } catch {
    return null;
  }
}

/** Null: it has ended meanwhile. */
function readStat(name: string): { pid: number; parent: number; ticks: number } | null {
  try {
    const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
    // After the program's name in parentheses: state, parent, …, the 12th and 13th are the time in user and system.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { pid: Number(name), parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) };
  } catch {
    return null;
  }
}
