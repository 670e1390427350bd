import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '../../src/base/clock.js';
import { silentLogger } from '../../src/base/log.js';
import { isOnBattery } from '../../src/pow/battery.js';
import { BatteryWatch } from '../../src/pow/power.js';

const NEVER = new AbortController().signal;

describe('power', () => {
  let directory: string;
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'postern-power-'))));
  afterEach(() => rmSync(directory, { recursive: true }));

  const DISCHARGING = { type: 'Battery', status: 'Discharging' };
  const MOUSE = { ...DISCHARGING, scope: 'Device' };
  for (const [what, supplies, expected] of [
    ['a desktop', {}, false],
    ['a laptop on its battery', { AC: { type: 'Mains', online: '0' }, BAT0: DISCHARGING }, true],
    ['a laptop that charges', { AC: { type: 'Mains', online: '1' }, BAT0: { type: 'Battery', status: 'Charging' } }, false],
    ['a laptop that draws more than its charger gives', { AC: { type: 'USB', online: '1' }, BAT0: DISCHARGING }, false],
    ['a laptop with two batteries, one of them idle', { BAT0: { type: 'Battery', status: 'Not charging' }, BAT1: DISCHARGING }, true],
    ['a desktop with a wireless mouse', { hidpp_battery_0: MOUSE }, false],
  ] as const)
    it(`of ${what}: ${expected ? 'battery' : 'mains'}`, async () => {
      for (const [name, files] of Object.entries<Record<string, string>>(supplies)) {
        mkdirSync(join(directory, name));
        for (const [file, text] of Object.entries(files)) writeFileSync(join(directory, name, file), `${text}\n`);
      }
      assert.equal(await isOnBattery('linux', directory), expected);
    });

  it('is not known where the system does not say', async () => {
    assert.equal(await isOnBattery('linux', join(directory, 'none')), null);
    assert.equal(await isOnBattery('win32'), null);
  });

  it('holds work back until the plug is in again', async () => {
    const clock = new ManualClock(0);
    let onBattery = true;
    const watch = new BatteryWatch({ clock, log: silentLogger }, async () => onBattery);
    await watch.start();
    assert.equal(watch.isHeld, true);
    let begun = 0;
    const jobs = [1, 2].map(async () => {
      await watch.ready(NEVER);
      begun++;
    });
    await new Promise(setImmediate);
    assert.equal(begun, 0);
    onBattery = false;
    clock.advance(30);
    await Promise.all(jobs);
    assert.equal(watch.isHeld, false);
    await watch.ready(NEVER);
    await watch.stop();
  });

  it('lets go of what is called off', async () => {
    const watch = new BatteryWatch({ clock: new ManualClock(0), log: silentLogger }, async () => true);
    await watch.start();
    const controller = new AbortController();
    const waiting = watch.ready(controller.signal);
    controller.abort();
    await waiting;
    await watch.stop();
  });
});
