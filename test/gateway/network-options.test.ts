import assert from 'node:assert/strict';
import { ConfigError, loadConfig } from '../../src/config.js';
import { networkOptions } from '../../src/gateway/network-options.js';
import { onionName } from '../support/onions.js';

const options = (...set: string[]) => networkOptions(loadConfig({ set: set.map((each) => `network.${each}`) }).network);
const PROXY = 'proxy=socks5://127.0.0.1:9050';

describe('the settings of the network', () => {
  for (const [settings, listen, why] of [
    [[], '0.0.0.0:8444', 'as it stands'],
    [['loopback_only=true'], '127.0.0.1:8444', 'on this machine alone under loopback_only'],
    [[PROXY], '', 'nowhere behind a proxy'],
    [[PROXY, 'proxy_strict=true'], '', 'nowhere behind a strict proxy'],
    [[PROXY, 'proxy_listen=true'], '0.0.0.0:8444', 'beside a proxy if that is meant'],
    [[PROXY, 'proxy_listen=true', 'loopback_only=true'], '127.0.0.1:8444', 'beside a proxy, but loopback_only is stronger'],
    [[PROXY, 'listen=127.0.0.1:1'], '127.0.0.1:1', 'on this machine if that is meant'],
    [[PROXY, `onion_address=${onionName(1)}:8444`], '127.0.0.1:8444', 'on this machine where an onion service leads there'],
    [['onion_proxy=socks5://127.0.0.1:9050'], '0.0.0.0:8444', 'as it stands where only onion names have a proxy'],
    [[PROXY, 'listen='], '', 'nowhere'],
  ] as const)
    it(`listen ${why}`, () => assert.equal(options(...settings).listen, listen));

  it('look for peers in the local network only when that is meant', () => {
    assert.equal(options().lanDiscovery, false);
    assert.equal(options('local_discovery=true').lanDiscovery, true);
  });

  it('name the proxy, with the login', () => {
    const { routes } = options('proxy=socks4a://[::1]:9050', 'proxy_user=me', 'proxy_isolate=false');
    assert.deepEqual(routes?.proxy, { protocol: 'socks4a', host: '::1', port: 9050, user: 'me', password: '', isolate: false });
    assert.equal(routes.onionProxy, null);
  });

  it('name the control port, or the socket', () => {
    assert.equal(options().onionService, null);
    assert.deepEqual(options('onion_service=true').onionService, { control: { host: '127.0.0.1', port: 9051 }, password: '' });
    assert.deepEqual(options('onion_service=true', 'tor_control=/run/tor/control').onionService?.control, { path: '/run/tor/control' });
  });

  it('are refused with an onion name that is misspelt', () => {
    assert.throws(() => options(PROXY, `peers=${'a'.repeat(56)}.onion:8444`), ConfigError);
    assert.throws(() => options(PROXY, `peers=${onionName(1)}.:8444`), ConfigError);
    assert.throws(() => options(`onion_address=${'a'.repeat(56)}.onion:8444`), ConfigError);
  });
});
