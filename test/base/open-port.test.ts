import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { openPort } from '../../src/base/open-port.js';

describe('an open port', () => {
  it('stays open when a connection cannot be accepted', async () => {
    const server = createServer((socket) => socket.end('here'));
    await openPort(server, { host: '127.0.0.1', port: 0 });
    for (let count = 0; count < 3; count++) server.emit('error', Object.assign(new Error('accept EMFILE'), { code: 'EMFILE' }));
    const [text] = (await once(connect((server.address() as AddressInfo).port, '127.0.0.1'), 'data')) as [Buffer];
    assert.equal(text.toString(), 'here');
    server.close();
  });

  it('is told of when it is taken', async () => {
    const [first, second] = [createServer(), createServer()];
    await openPort(first, { host: '127.0.0.1', port: 0 });
    const { port } = first.address() as AddressInfo;
    await assert.rejects(openPort(second, { host: '127.0.0.1', port }), /EADDRINUSE/);
    await openPort(second, { host: '127.0.0.1', port: 0 });
    first.close();
    second.close();
  });
});
