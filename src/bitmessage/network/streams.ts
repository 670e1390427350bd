/** The tree of streams: stream n has the children 2n and 2n + 1. Pure. */
import type { StreamNumber } from '../wire/params.js';

/** The root of the tree. */
const ROOT: StreamNumber = 1n;
/** PyBitmessage keeps the number in 63 bits. */
const LAST: StreamNumber = (1n << 63n) - 1n;

/** Spec: Bitmessage white paper; PROTOCOL 9.1 */
export function children(stream: StreamNumber): StreamNumber[] {
  return [stream * 2n, stream * 2n + 1n].filter((child) => child <= LAST);
}

export function parent(stream: StreamNumber): StreamNumber | undefined {
  return stream > ROOT ? stream / 2n : undefined;
}

/** From the root to the stream, both included. */
export function path(stream: StreamNumber): StreamNumber[] {
  const above = parent(stream);
  return above === undefined ? [stream] : [...path(above), stream];
}

/** Steps from the root. */
export function depth(stream: StreamNumber): number {
  return path(stream).length - 1;
}
