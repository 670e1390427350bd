/** Sessions recorded between two other programs: what each side said, as it came and as packets. */
import { inventoryHash } from '../../src/bitmessage/crypto/hash.js';
import { fromHex, toHex } from '../../src/bitmessage/wire/bytes.js';
import { type Packet, PacketReader } from '../../src/bitmessage/wire/frame.js';
import { decodeInv, keyHash } from '../../src/bitmessage/wire/inv.js';
import { MAINNET } from '../../src/bitmessage/wire/params.js';
import { loadVectors } from './vectors.js';

export type Direction = 'client' | 'server';

export interface RecordedSession {
  readonly startedAt: number;
  readonly connections: readonly { readonly id: number }[];
  readonly events: readonly {
    readonly time: number;
    readonly connection: number;
    readonly direction: Direction;
    readonly data: string;
  }[];
  /** What was tried on each connection, where that is what the session is about. */
  readonly variants?: readonly { readonly options: readonly string[] }[];
}

export interface RecordedSide {
  /** When it began to speak. */
  readonly now: number;
  readonly chunks: readonly Uint8Array[];
  readonly packets: readonly Packet[];
}

export function loadSession(name: string): RecordedSession {
  return loadVectors<never>(name) as unknown as RecordedSession;
}

export function sideOf(session: RecordedSession, connection: number, direction: Direction): RecordedSide {
  const events = session.events.filter((event) => event.connection === connection && event.direction === direction);
  const reader = new PacketReader(MAINNET.magic);
  const packets: Packet[] = [];
  const chunks = events.map(({ data }) => fromHex(data));
  for (const chunk of chunks) {
    reader.push(chunk);
    for (let packet = reader.next(); packet !== undefined; packet = reader.next())
      packets.push({ ...packet, payload: packet.payload.slice() });
  }
  return { now: Math.floor(session.startedAt + (events[0]?.time ?? 0)), chunks, packets };
}

/** The hashes, in hex, of the objects in these packets. */
export function objectHashes(packets: readonly Packet[]): string[] {
  return [...new Set(packets.filter(({ command }) => command === 'object').map(({ payload }) => toHex(inventoryHash(payload))))].sort();
}

/** The hashes, in hex, that these packets list. */
export function listedHashes(packets: readonly Packet[], ...commands: readonly string[]): Set<string> {
  return new Set(
    packets
      .filter(({ command }) => commands.includes(command))
      .flatMap(({ payload }) => decodeInv(payload).map((key) => toHex(keyHash(key)))),
  );
}
