/** kill -9 while orders are carried out: what was answered is there, and an import that was cut off goes on where it was. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { explainFailure, type GatewayProcess, Rig } from '../support/gateway-rig.js';
import { generator } from '../support/random.js';
import { faultsOf } from '../support/sound-store.js';
import { VECTORS_DIRECTORY } from '../support/vectors.js';

/** A longer run: POSTERN_ROUNDS=20. */
const ROUNDS = Number(process.env.POSTERN_ROUNDS ?? 2);
const ORDERS = 20;
const LATEST_KILL_MS = 2500;
const DIRECTORY = `${VECTORS_DIRECTORY}pybitmessage-data`;

describe('scenario: kill -9 while orders are carried out', function () {
  this.timeout(120_000);
  const random = generator();
  let rig: Rig;
  let data: string;
  /** What an answer has named. */
  const identities: string[] = [];
  const chans: string[] = [];

  before(() => {
    rig = new Rig();
    data = rig.directory();
  });
  after(() => rig.end());
  afterEach(function () {
    explainFailure(rig, this.currentTest);
  });

  /** Orders until the gateway is gone, each of which has to be there for ever once it is answered. */
  const give = async (gateway: GatewayProcess, round: number): Promise<void> => {
    const untilGone = async (order: (turn: number) => Promise<unknown>): Promise<void> => {
      for (let turn = 0; turn < ORDERS; turn++) await order(turn);
    };
    const addressOf = async (operation: string, values: Record<string, string>): Promise<string> =>
      String((await gateway.ask(operation, values)).address);
    await Promise.allSettled([
      untilGone(async (turn) => identities.push(await addressOf('identity new', { label: `${round} ${turn}` }))),
      untilGone(async (turn) => chans.push(await addressOf('chan join', { passphrase: `chan ${round} ${turn}` }))),
      gateway.ask('import pybitmessage', { directory: DIRECTORY }),
    ]);
  };

  const check = async (gateway: GatewayProcess): Promise<void> => {
    const own = JSON.stringify(await gateway.ask('identity list'));
    for (const address of identities) assert.ok(own.includes(address), `${address} is lost`);
    const joined = JSON.stringify(await gateway.ask('chan list'));
    for (const address of chans) assert.ok(joined.includes(address), `${address} is lost`);
  };

  for (let round = 1; round <= ROUNDS; round++)
    it(`round ${round} (POSTERN_SEED=${random.seed})`, async () => {
      const gateway = await rig.start([], data);
      await check(gateway);
      const given = give(gateway, round);
      await sleep(random.below(LATEST_KILL_MS));
      gateway.child.kill('SIGKILL');
      await once(gateway.child, 'exit');
      await given;
      assert.deepEqual(faultsOf(data), []);
    });

  it('and at the end the import is whole, and is not done twice', async () => {
    const gateway = await rig.start([], data);
    await check(gateway);
    await gateway.ask('import pybitmessage', { directory: DIRECTORY });
    const { counts } = (await gateway.ask('import pybitmessage', { directory: DIRECTORY })) as {
      counts: Record<string, { taken: number }>;
    };
    assert.deepEqual(
      Object.entries(counts).filter(([, { taken }]) => taken > 0),
      [],
    );
    await gateway.end('SIGTERM');
    assert.deepEqual(faultsOf(data), []);
  });
});
