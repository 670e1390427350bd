/** Pure: the peers in PyBitmessage's knownnodes.dat. JSON only: older files are Python pickles, which are programs, and are never run. */

export interface KnownNode {
  readonly host: string;
  readonly port: number;
  readonly stream: number;
  readonly lastSeen: number;
  /** -1 … 1 */
  readonly rating: number;
}

export type KnownNodes =
  | { readonly kind: 'nodes'; readonly nodes: readonly KnownNode[]; readonly skipped: number }
  | { readonly kind: 'pickle' }
  | { readonly kind: 'unreadable' };

/** As many as PyBitmessage keeps per stream. */
const MAX_NODES = 20_000;
/** 20,000 nodes take 3 MB. */
export const MAX_KNOWN_NODES_BYTES = 16_777_216;
/** PyBitmessage knows no more. */
const MAX_STREAM = 3;

export function readKnownNodes(bytes: Uint8Array): KnownNodes {
  if (isPickle(bytes)) return { kind: 'pickle' };
  if (bytes.length > MAX_KNOWN_NODES_BYTES) return { kind: 'unreadable' };
  let list: unknown;
  try {
    list = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return { kind: 'unreadable' };
  }
  if (!Array.isArray(list)) return { kind: 'unreadable' };
  const nodes = list.slice(0, MAX_NODES).map(toNode);
  const usable = nodes.filter((node) => node !== undefined);
  return { kind: 'nodes', nodes: usable, skipped: list.length - usable.length };
}

/** Protocol 2 and later begin with 0x80, protocol 0 of a dictionary with "(dp". */
function isPickle(bytes: Uint8Array): boolean {
  return bytes[0] === 0x80 || Buffer.from(bytes.subarray(0, 3)).toString('latin1') === '(dp';
}

/** Undefined for what is no node, and for the program's own address. */
function toNode(item: unknown): KnownNode | undefined {
  const { stream, peer, info } = (item ?? {}) as { stream?: unknown; peer?: Record<string, unknown>; info?: Record<string, unknown> };
  const { host, port } = peer ?? {};
  const { lastseen = 0, rating = 0, self = false } = info ?? {};
  if (typeof host !== 'string' || host === '' || host.length > 255 || /[\s/]/.test(host)) return undefined;
  if (!isWhole(port, 1, 65_535) || !isWhole(stream, 1, MAX_STREAM) || self === true) return undefined;
  return {
    host,
    port,
    stream,
    lastSeen: isWhole(lastseen, 0, Number.MAX_SAFE_INTEGER) ? lastseen : 0,
    rating: typeof rating === 'number' && Number.isFinite(rating) ? Math.min(Math.max(rating, -1), 1) : 0,
  };
}

function isWhole(value: unknown, least: number, most: number): value is number {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}
