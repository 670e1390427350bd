/** Where PyBitmessage keeps its data, by system. */
import assert from 'node:assert/strict';
import { pybitmessagePlace } from '../../src/migration/pybitmessage-place.js';

describe("PyBitmessage's place", () => {
  for (const [platform, environment, place] of [
    ['linux', {}, '/home/a/.config/PyBitmessage'],
    ['linux', { XDG_CONFIG_HOME: '/etc/a' }, '/etc/a/PyBitmessage'],
    ['freebsd', {}, '/home/a/.config/PyBitmessage'],
    ['darwin', {}, '/home/a/Library/Application Support/PyBitmessage'],
    ['win32', { APPDATA: '/roaming' }, '/roaming/PyBitmessage'],
    ['darwin', { BITMESSAGE_HOME: '/stick/' }, '/stick/'],
  ] as const)
    it(`is ${place} on ${platform}`, () => assert.equal(pybitmessagePlace(platform, environment, '/home/a'), place));
});
