import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer } from 'node:tls';
import { ensureCertificate } from '../../src/access/certificate.js';

const DAY_MS = 86_400_000;

describe('certificate', () => {
  let directory: string;
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'postern-tls-'))));
  afterEach(() => rmSync(directory, { recursive: true }));

  it('is one that a TLS client who trusts our authority accepts by name and by both addresses', async () => {
    const { key, cert, ca } = await ensureCertificate(directory, ['my-host']);
    const server = createServer({ key, cert }, (socket) => socket.end());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const port = (server.address() as AddressInfo).port;
    for (const servername of ['localhost', 'my-host']) {
      const socket = connect({ host: '127.0.0.1', port, ca, servername });
      await once(socket, 'secureConnect');
      assert.equal(socket.authorized, true);
      socket.destroy();
    }
    server.close();
    const leaf = new X509Certificate(cert);
    assert.match(leaf.subjectAltName ?? '', /DNS:localhost.*IP Address:127\.0\.0\.1.*IP Address:0:0:0:0:0:0:0:1.*DNS:my-host/);
    assert.equal(leaf.checkHost('example.org'), undefined);
    assert.equal(leaf.ca, false);
    assert.equal(new X509Certificate(ca).ca, true);
  });

  it('stays the same from start to start, and its keys are private', async () => {
    const first = await ensureCertificate(directory, []);
    assert.deepEqual(await ensureCertificate(directory, []), first);
    assert.equal(readFileSync(first.caPath, 'utf8'), first.ca);
    for (const name of ['ca-key.pem', 'server-key.pem']) assert.equal(statSync(join(directory, name)).mode & 0o777, 0o600);
  });

  it('is renewed in time under the same authority, and for a new host name', async () => {
    const first = await ensureCertificate(directory, []);
    const later = await ensureCertificate(directory, [], new Date(Date.now() + 500 * DAY_MS));
    assert.equal(later.ca, first.ca);
    assert.notEqual(later.fingerprint, first.fingerprint);
    const named = await ensureCertificate(directory, ['other'], new Date(Date.now() + 500 * DAY_MS));
    assert.equal(named.ca, first.ca);
    assert.notEqual(named.fingerprint, later.fingerprint);
  });

  it('gets a new authority before the old one would end', async () => {
    const first = await ensureCertificate(directory, []);
    const later = await ensureCertificate(directory, [], new Date(Date.now() + 3000 * DAY_MS));
    assert.notEqual(later.ca, first.ca);
    assert.ok(new X509Certificate(later.cert).verify(new X509Certificate(later.ca).publicKey));
  });

  it('is made anew when a file is damaged or does not belong to the others', async () => {
    const first = await ensureCertificate(directory, []);
    writeFileSync(join(directory, 'server.pem'), 'nothing');
    const second = await ensureCertificate(directory, []);
    assert.equal(second.ca, first.ca);
    assert.notEqual(second.fingerprint, first.fingerprint);
    writeFileSync(join(directory, 'ca-key.pem'), second.key);
    const third = await ensureCertificate(directory, []);
    assert.notEqual(third.ca, first.ca);
    assert.ok(new X509Certificate(third.cert).verify(new X509Certificate(third.ca).publicKey));
  });
});
