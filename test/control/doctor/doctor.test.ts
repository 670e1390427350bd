/** The doctor: what it makes of numbers, and that nothing private is in the report. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { abortError } from '../../../src/base/worker-pool.js';
import type { NodeStatus } from '../../../src/bitmessage/node.js';
import { knockAtProxy } from '../../../src/control/doctor/knock.js';
import { lookAtCertificate, lookAtClock, lookAtDisk, lookAtLog, lookAtPeers, lookAtRoute } from '../../../src/control/doctor/look.js';
import { doctor } from '../../../src/control/doctor.js';
import { english } from '../../../src/words/english/english.js';
import { fakeControl } from '../../support/fake-control.js';
import { type GatewayProcess, rigOfSuite } from '../../support/gateway-rig.js';

const STATUS = fakeControl().node.status();
const withClocks = (...clocks: number[]): NodeStatus => ({
  ...STATUS,
  peers: clocks.map((clockAheadSeconds) => ({ ...STATUS.peers[0], clockAheadSeconds })),
});
const withRoute = (route: Partial<NodeStatus['route']>): NodeStatus => ({ ...STATUS, route: { ...STATUS.route, ...route } });

describe('doctor', () => {
  for (const [clocks, verdict, words] of [
    [[], 'warn', /no peer/],
    [[3, -2, 120], 'ok', /agrees/],
    [[0, 0, 4000], 'ok', /agrees/],
    [[500], 'warn', /500 seconds behind/],
    [[-500, -500, 0], 'fail', /500 seconds ahead/],
  ] as const)
    it(`says ${verdict} of a clock to which those of the peers are ahead by ${clocks.join(', ') || 'nothing known'}`, () => {
      const finding = lookAtClock(withClocks(...clocks), 1_700_000_000);
      assert.equal(finding.verdict, verdict);
      assert.match(finding.text(english), words);
    });

  for (const [what, finding, verdict] of [
    ['a peer', lookAtPeers(STATUS, 9)[0], 'ok'],
    ['no peer', lookAtPeers({ ...STATUS, peers: [] }, 9)[0], 'warn'],
    ['no peer and none known', lookAtPeers({ ...STATUS, peers: [], knownNodes: 0 }, 9)[0], 'warn'],
    ['a strict proxy', lookAtRoute(STATUS)[0], 'ok'],
    ['a proxy that is not strict', lookAtRoute(withRoute({ strict: false }))[0], 'warn'],
    ['a broken proxy', lookAtRoute(withRoute({ proxyProblem: 'refused' }))[0], 'fail'],
    ['an onion service that is down', lookAtRoute(withRoute({ onionProblem: 'no Tor' }))[1], 'warn'],
    ['99 MB', lookAtDisk(99e6), 'fail'],
    ['999 MB', lookAtDisk(999e6), 'warn'],
    ['1 GB', lookAtDisk(1e9), 'ok'],
    ['a certificate of yesterday', lookAtCertificate(-1), 'fail'],
    ['a certificate for 29 days', lookAtCertificate(29), 'warn'],
    ['a certificate for 30 days', lookAtCertificate(30), 'ok'],
    ['a log at debug', lookAtLog('debug'), 'warn'],
    ['a log at info', lookAtLog('info'), 'ok'],
  ] as const)
    it(`says ${verdict} of ${what}`, () => assert.equal(finding.verdict, verdict));

  for (const [seconds, words] of [
    [119, /Right after the start/],
    [120, /online, its clock right, and does the firewall/],
  ] as const)
    it(`says what may keep peers away ${seconds} seconds after the start`, () =>
      assert.match(lookAtPeers({ ...STATUS, peers: [] }, seconds)[0].text(english), words));

  it('tells the time where nobody is there to compare it with', () =>
    assert.match(lookAtClock({ peers: [] }, 1_700_000_000).text(english), /14 Nov(ember)? 2023|Nov(ember)? 14, 2023|2023-11-14/));

  it('says that the gateway is stopping when that calls off the look at the database', async () => {
    const rooms = fakeControl();
    const findFault = (): Promise<never> => Promise.reject(abortError('job was called off'));
    const premises = { ...rooms.premises, dataDirectory: tmpdir(), findFault };
    await assert.rejects(async () => doctor.run({}, { ...rooms, premises }), {
      name: 'ControlRefusal',
      message: /is stopping/,
    });
  });
});

describe('a knock at the proxy', () => {
  it('says why it cannot be reached, before the node has had anybody to dial', async () => {
    const proxy = createServer().listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const url = `socks5://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    assert.equal(await knockAtProxy({ proxy: url, onionProxy: null }), null);
    assert.equal(await knockAtProxy({ proxy: null, onionProxy: null }), null);
    proxy.close();
    await once(proxy, 'close');
    assert.equal(await knockAtProxy({ proxy: null, onionProxy: url }), `${url}: ECONNREFUSED`);
  });
});

describe('doctor of a running gateway', function () {
  this.timeout(60_000);
  const rig = rigOfSuite();
  let gateway: GatewayProcess;
  before(async () => (gateway = await rig.start()));

  interface Report {
    readonly well: boolean;
    readonly findings: readonly { readonly about: string; readonly verdict: string; readonly text: string }[];
  }
  const verdicts = ({ findings }: Report): Record<string, string> =>
    Object.fromEntries(findings.map(({ about, verdict }) => [about, verdict]));

  it('looks at everything, and a message to itself comes back', async () => {
    const { code, stdout, stderr } = await gateway.cli('doctor', '--send', '--json');
    assert.equal(code, 0, stderr);
    const found = verdicts(JSON.parse(stdout) as Report);
    for (const about of ['imap', 'smtp', 'certificate', 'data directory', 'database', 'log', 'proxy', 'send to self'])
      assert.equal(found[about], 'ok', about);
    assert.equal(found.peers, 'warn', 'alone in the world, as right after any start');
    const client = await rig.imap(gateway);
    await client.mailboxOpen('INBOX');
    assert.equal(((await client.search({ subject: 'Postern doctor' })) || []).length, 1);
  });

  it('makes a report with nothing private in it', async () => {
    const { stdout } = await gateway.cli('doctor', '--report');
    assert.match(stdout, /^ok +imap /m);
    for (const secret of [gateway.address, gateway.dataDirectory, '127.0.0.1', 'localhost', String(gateway.ready.imap.port), 'BM-'])
      assert.ok(!stdout.includes(secret), secret);
    assert.ok((await gateway.cli('doctor')).stdout.includes(gateway.dataDirectory), 'the owner sees it all');
  });

  it('notices a certificate that is not of its authority', async () => {
    const ca = join(gateway.dataDirectory, 'certificates', 'ca.pem');
    writeFileSync(ca, 'not a certificate');
    const report = (await gateway.ask('doctor')) as unknown as Report;
    assert.equal(report.well, false);
    assert.equal(verdicts(report).imap, 'fail');
    assert.equal((await gateway.cli('doctor')).code, 1);
    assert.match(report.findings.find(({ about }) => about === 'imap')!.text, /has not signed: start Postern anew/);
  });
});
