/** A peer that has every object and is never busy: what a node can fetch as fast as it likes. */
import type { Socket } from 'node:net';
import { systemClock } from '../src/base/clock.js';
import { encodePacket, PacketReader } from '../src/bitmessage/wire/frame.js';
import { decodeInv, encodeInv, type HashKey } from '../src/bitmessage/wire/inv.js';
import { encodeVersion } from '../src/bitmessage/wire/messages.js';
import { MAINNET } from '../src/bitmessage/wire/params.js';

const INV_COUNT = 10_000;
const SETTLING_MS = 2000;

/**
 * Plays the peer on a connection that was just accepted.
 *
 * @param served what was asked for so far, on whichever connection
 * @param begin it announces nothing before
 */
export function serveObjects(
  socket: Socket,
  objects: ReadonlyMap<HashKey, Uint8Array>,
  served: Set<HashKey>,
  begin: Promise<unknown> = Promise.resolve(),
  magic = MAINNET.magic,
): { greetedAt: Promise<number>; done: Promise<number> } {
  const reader = new PacketReader(magic);
  const send = (command: string, payload: Uint8Array = new Uint8Array(0)): unknown => socket.write(encodePacket(magic, command, payload));
  let greeted: (at: number) => void = () => {};
  let finished: (count: number) => void = () => {};
  const greetedAt = new Promise<number>((resolve) => (greeted = resolve));
  const done = new Promise<number>((resolve) => (finished = resolve));
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    reader.push(chunk);
    for (let packet = reader.next(); packet !== undefined; packet = reader.next()) {
      if (packet.command === 'version') {
        // A node that has just started still does other things than fetching.
        void systemClock.sleep(SETTLING_MS).then(() => {
          const self = { services: 1n, host: '127.0.0.1', port: 8444 };
          const timestamp = BigInt(systemClock.now());
          const nonce = crypto.getRandomValues(new Uint8Array(8));
          const version = { protocolVersion: 3, services: 1n, timestamp, addrRecv: self, addrFrom: self, nonce };
          send('verack');
          send('version', encodeVersion({ ...version, userAgent: '/bench:1/', streams: [1n] }));
        });
      } else if (packet.command === 'verack') {
        greeted(performance.now());
        const keys = [...objects.keys()];
        void begin.then(() => {
          for (let first = 0; first < keys.length; first += INV_COUNT) send('inv', encodeInv(keys.slice(first, first + INV_COUNT)));
        });
      } else if (packet.command === 'ping') send('pong');
      else if (packet.command === 'getdata') {
        for (const key of decodeInv(packet.payload)) {
          const object = objects.get(key);
          if (object === undefined) continue;
          send('object', object);
          served.add(key);
        }
        if (served.size === objects.size) finished(served.size);
      }
    }
  });
  return { greetedAt, done };
}
