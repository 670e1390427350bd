import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, get, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { limitPlaces } from '../../src/base/http-places.js';
import { readBody } from '../../src/base/request-body.js';

const PLACES = 4;

describe('places of an HTTP server', () => {
  let server: Server;
  let port: number;
  let sockets: Socket[];
  /** Answers that the test ends itself. */
  let held: ServerResponse[];

  beforeEach(async () => {
    [sockets, held] = [[], []];
    server = createServer((request, response) => {
      if (request.url === '/hold') held.push(response);
      else void readBody(request, 1000).then(() => response.end('here'));
    });
    limitPlaces(server, PLACES);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  const dial = async (says = ''): Promise<Socket> => {
    const socket = connect(port, '127.0.0.1');
    sockets.push(socket.on('error', () => {}));
    const arrived = once(server, 'connection');
    await Promise.all([once(socket, 'connect'), arrived]);
    socket.write(says);
    return socket;
  };
  const ask = (path: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const request = get({ port, host: '127.0.0.1', path, agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      request.on('error', reject);
    });

  for (const [name, says] of [
    ['say nothing', ''],
    ['never end their header', 'GET / HTTP/1.1\r\nX: y\r\n'],
    ['never end their request', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc'],
  ] as const)
    it(`are not taken up by those who ${name}: the one that came first goes`, async () => {
      for (let count = 0; count < PLACES; count++) await dial(says);
      const gone = once(sockets[0], 'close');
      assert.equal(await ask('/'), 200);
      await gone;
      assert.ok(sockets.slice(1).every((socket) => !socket.destroyed));
    });

  it('are kept by who is being answered', async () => {
    const asked = Array.from({ length: PLACES }, () => ask('/hold'));
    while (held.length < PLACES) await once(server, 'request');
    await assert.rejects(ask('/'), /ECONNRESET|socket hang up/);
    for (const response of held) response.end();
    assert.deepEqual(await Promise.all(asked), Array(PLACES).fill(200));
    assert.equal(await ask('/'), 200);
  });
});
