/** Places for the connections of an HTTP server: when all are taken, whoever has not asked anything yet gives way to who comes. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

interface Guest {
  readonly socket: Socket;
  /** What is being answered. */
  request: IncomingMessage | null;
}

/** How often Node.js looks whether a request takes too long: by default every 30 s, whatever the limit is. */
export const CHECKING_INTERVAL_MS = 1000;

/** Before the server listens. Silent connections, and requests that drip in, keep nobody out; answers that are under way are let be. */
export function limitPlaces(server: Server, places: number): void {
  /** In the order in which they came. */
  const guests = new Map<string, Guest>();
  server.on('connection', (socket: Socket) => {
    if (guests.size >= places && !dismissOne(guests)) {
      socket.destroy();
      return;
    }
    const [name, guest] = [nameOf(socket), { socket, request: null }];
    guests.set(name, guest);
    socket.once('close', () => {
      if (guests.get(name) === guest) guests.delete(name);
    });
  });
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const guest = guests.get(nameOf(request.socket));
    if (guest === undefined) return;
    guest.request = request;
    response.once('close', () => {
      guest.request = null;
    });
  });
}

function dismissOne(guests: Map<string, Guest>): boolean {
  for (const [name, { socket, request }] of guests) {
    if (request?.complete === true) continue;
    guests.delete(name);
    socket.destroy();
    return true;
  }
  return false;
}

/** With TLS a request comes on another socket than the connection; the other end is the same. */
function nameOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
