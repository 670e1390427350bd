/** What stands in the memory of another process; on Linux alone. */
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

/** Read at once. */
const CHUNK_BYTES = 16_777_216;

/** Those of the values that stand somewhere in what the process has made itself (files that are mapped are left out). */
export function heldBy(pid: number, values: readonly Buffer[]): Buffer[] {
  const found = new Set<Buffer>();
  const overlap = Math.max(...values.map(({ length }) => length)) - 1;
  const buffer = Buffer.alloc(CHUNK_BYTES);
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  try {
    for (const { start, end } of ownRanges(pid)) {
      for (let at = start; at < end; at += CHUNK_BYTES - overlap) {
        const read = readSome(memory, buffer, Math.min(CHUNK_BYTES, end - at), at);
        for (const value of values) if (buffer.subarray(0, read).includes(value)) found.add(value);
        if (read < CHUNK_BYTES) break;
      }
    }
  } finally {
    closeSync(memory);
  }
  return values.filter((value) => found.has(value));
}

function ownRanges(pid: number): { start: number; end: number }[] {
  return readFileSync(`/proc/${pid}/maps`, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, start, end, path] = /^([0-9a-f]+)-([0-9a-f]+) r\S+ \S+ \S+ \S+ *(.*)$/.exec(line) ?? [];
      return start === undefined || path.startsWith('/') ? [] : [{ start: Number.parseInt(start, 16), end: Number.parseInt(end, 16) }];
    });
}

/** A range may have gone meanwhile, and the kernel's own are not to be read. */
function readSome(file: number, buffer: Buffer, length: number, position: number): number {
  try {
    return readSync(file, buffer, 0, length, position);
  } catch {
    return 0;
  }
}
