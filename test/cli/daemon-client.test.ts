import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '../../src/base/log.js';
import { askDaemon, NotRunning } from '../../src/cli/daemon-client.js';
import { EXIT, Failure } from '../../src/cli/failure.js';
import { removeContact, writeContact } from '../../src/control/contact.js';
import { OPERATIONS } from '../../src/control/operations.js';
import { WebServer } from '../../src/web/server.js';
import { FAKE_LOGINS, fakeControl } from '../support/fake-control.js';
import { NO_DISK } from '../support/held-disk.js';

describe('daemon client', () => {
  const host = '127.0.0.1';
  let directory: string;
  let server: WebServer;
  let port: number;
  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'postern-cli-'));
    server = new WebServer(
      { host, port: 0, token: 'token', operations: OPERATIONS },
      { control: fakeControl(), logins: FAKE_LOGINS, onDisk: NO_DISK, log: silentLogger },
    );
    ({ port } = await server.start());
  });
  afterEach(async () => {
    await server.stop();
    rmSync(directory, { recursive: true });
  });

  const nobody = (error: Error): boolean =>
    error instanceof Failure && error.exitCode === EXIT.unavailable && error.message.includes(directory);

  it('finds the daemon by its private file, and brings its answer', async () => {
    writeContact(directory, { host, port, token: 'token' });
    assert.equal(statSync(join(directory, 'control.json')).mode & 0o777, 0o600);
    const { value, text } = await askDaemon(directory, 'identity new', { label: 'Wörk', passphrase: 'ß' });
    assert.deepEqual([value, text], [{ address: 'BM-4ß', label: 'Wörk' }, 'BM-4ß']);
  });

  it("brings the daemon's refusal", async () => {
    writeContact(directory, { host, port, token: 'token' });
    await assert.rejects(
      askDaemon(directory, 'chan leave', { chan: 'x' }),
      (error) => error instanceof Failure && error.exitCode === EXIT.refused && error.message === 'there is no chan "x"',
    );
  });

  it('knows that none is running: no file, one that is damaged, one of a daemon that was killed', async () => {
    await assert.rejects(askDaemon(directory, 'status', {}), nobody);
    writeFileSync(join(directory, 'control.json'), '{"host":');
    await assert.rejects(askDaemon(directory, 'status', {}), nobody);
    writeContact(directory, { host, port, token: 'token' });
    await server.stop();
    await assert.rejects(askDaemon(directory, 'status', {}), nobody);
    removeContact(directory);
    await assert.rejects(askDaemon(directory, 'status', {}), nobody);
  });

  it('does not take one that ends while it is asked for one that is not there: the doctor would look at what it leaves', async () => {
    const ending = createServer((request) => request.socket.destroy()).listen(0, host);
    await once(ending, 'listening');
    writeContact(directory, { host, port: (ending.address() as AddressInfo).port, token: 'token' });
    await assert.rejects(
      askDaemon(directory, 'doctor', {}),
      (error) => error instanceof Failure && !(error instanceof NotRunning) && /ended before it had answered/.test(error.message),
    );
    ending.close();
  });

  it("does not take another program on the killed daemon's port for it", async () => {
    writeContact(directory, { host, port, token: 'an older token' });
    await assert.rejects(askDaemon(directory, 'status', {}), nobody);
    const other = createServer((_, response) => response.end('<html>')).listen(0, host);
    await once(other, 'listening');
    writeContact(directory, { host, port: (other.address() as AddressInfo).port, token: 'token' });
    await assert.rejects(askDaemon(directory, 'status', {}), nobody);
    other.close();
  });
});
