import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '../src/base/log.js';
import { loadConfig } from '../src/config.js';
import { StartError } from '../src/gateway/start-error.js';
import { Gateway } from '../src/gateway.js';
import { FREE_PORTS } from './support/free-ports.js';

describe('gateway', function () {
  this.timeout(30_000);
  let dataDirectory: string;
  const gateways: Gateway[] = [];
  before(() => (dataDirectory = mkdtempSync(join(tmpdir(), 'postern-gateway-'))));
  afterEach(() => Promise.all(gateways.splice(0).map((gateway) => gateway.stop())));
  after(() => rmSync(dataDirectory, { recursive: true }));

  const build = (...set: string[]): Gateway => {
    const config = loadConfig({ set: ['network.profile=private', ...FREE_PORTS, ...set] });
    const gateway = new Gateway({ config, dataDirectory }, { log: silentLogger });
    gateways.push(gateway);
    return gateway;
  };

  it('opens no port to the world when it is to stay on this machine, whatever network.listen says', async () => {
    const { network } = await build('network.listen=0.0.0.0:0', 'network.loopback_only=true').start();
    assert.equal(network?.host, '127.0.0.1');
  });

  it('listens to no node when network.listen is empty', async () => {
    const ready = await build('network.listen=', 'network.loopback_only=true').start();
    assert.equal(ready.network, null);
  });

  it('leaves nothing open: not after a stop, and not after a start that failed', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const taken = (squatter.address() as AddressInfo).port;
    // The last port but one to be opened: everything before it is open by then.
    await assert.rejects(
      build('network.listen=', `smtp.tls_port=${taken}`).start(),
      (error) => error instanceof StartError && error.message.includes(`smtp.tls_port`),
    );
    const gateway = build('network.listen=127.0.0.1:0', 'network.loopback_only=true');
    const { mail, network } = await gateway.start();
    await gateway.stop();
    for (const port of [mail.imap.port, mail.imap.tlsPort, mail.smtp.port, mail.smtp.tlsPort, network?.port]) {
      const socket = connect({ host: '127.0.0.1', port: port! });
      const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
      assert.equal(error.code, 'ECONNREFUSED', `port ${port}`);
    }
    await gateway.stop();
    squatter.close();
  });
});
