import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { ConfigError, isLoopback, loadConfig, parseHostPort, unknownVariables } from '../src/config.js';

const file = (text: string) => ({ file: { name: 'mine.toml', text } });

describe('config', () => {
  it('says in default.toml what each setting is for', () => {
    const lines = readFileSync(new URL('../../config/default.toml', import.meta.url), 'utf8').split('\n');
    for (const [i, line] of lines.entries()) {
      if (/^\w+ = /.test(line)) assert.match(lines[i - 1], /^#|^min_nonce_trials_per_byte|^max_download/, `no comment above ${line}`);
    }
  });

  it('gives the defaults, frozen', () => {
    const config = loadConfig();
    assert.equal(config.network.profile, 'main');
    assert.equal(config.imap.port, 1143);
    assert.deepEqual(config.network.peers, []);
    assert.ok(Object.isFrozen(config) && Object.isFrozen(config.network) && Object.isFrozen(config.network.peers));
  });

  it('lets --set win over the environment, that over the file, and that over the defaults', () => {
    const environment = { POSTERN_IMAP_PORT: '2', POSTERN_SMTP_PORT: '2' };
    const config = loadConfig({ ...file('[imap]\nport = 1\n[smtp]\nport = 1\n[pow]\nthreads = 1'), environment, set: ['imap.port=3'] });
    assert.deepEqual([config.imap.port, config.smtp.port, config.pow.threads, config.imap.tls_port], [3, 2, 1, 1993]);
  });

  const texts: [string, (config: ReturnType<typeof loadConfig>) => unknown, unknown][] = [
    ['network.loopback_only=true', (config) => config.network.loopback_only, true],
    ['network.loopback_only=0', (config) => config.network.loopback_only, false],
    ['network.profile=private', (config) => config.network.profile, 'private'],
    ['network.profile="private"', (config) => config.network.profile, 'private'],
    ['network.listen=', (config) => config.network.listen, ''],
    ['network.listen=127.0.0.1:0', (config) => config.network.listen, '127.0.0.1:0'],
    ['network.listen=[::1]:8444', (config) => config.network.listen, '[::1]:8444'],
    ['network.peers=127.0.0.1:1, [::1]:2', (config) => config.network.peers, ['127.0.0.1:1', '[::1]:2']],
    ['network.peers=[::1]:2,127.0.0.1:1', (config) => config.network.peers, ['[::1]:2', '127.0.0.1:1']],
    ['network.peers=["127.0.0.1:1"]', (config) => config.network.peers, ['127.0.0.1:1']],
    ['network.peers=', (config) => config.network.peers, []],
    ['network.tls=true', (config) => config.network.tls, 'prefer'],
    ['network.tls=off', (config) => config.network.tls, 'off'],
    ['network.tls="require"', (config) => config.network.tls, 'require'],
    ['network.proxy=socks5://[::1]:9050', (config) => config.network.proxy, 'socks5://[::1]:9050'],
    ['network.tor_control=/run/tor/control', (config) => config.network.tor_control, '/run/tor/control'],
    ['network.min_extra_bytes=', (config) => config.network.min_extra_bytes, 0],
    ['network.min_nonce_trials_per_byte=10', (config) => config.network.min_nonce_trials_per_byte, 10],
  ];
  for (const [text, get, expected] of texts) {
    it(`reads ${text} from --set and from the environment alike`, () => {
      const [key, ...value] = text.split('=');
      const name = `POSTERN_${key.replace('.', '_').toUpperCase()}`;
      assert.deepEqual(get(loadConfig({ set: [text] })), expected);
      assert.deepEqual(get(loadConfig({ environment: { [name]: value.join('=') } })), expected);
    });
  }

  const wrong: [string, Parameters<typeof loadConfig>[0], RegExp][] = [
    ['an unknown key in the file', file('[imap]\nprot = 1'), /unknown setting imap\.prot \(mine\.toml\)/],
    ['an unknown section', file('[impa]\nport = 1'), /unknown setting impa \(mine\.toml\)/],
    ['a value outside a section', file('port = 1'), /unknown setting port/],
    ['a key of every object', file('[imap]\nconstructor = 1'), /unknown setting imap\.constructor/],
    [
      'a number as text',
      file('[imap]\nport = "1143"'),
      /imap\.port cannot be "1143" \(mine\.toml\): allowed is a whole number from 0 to 65535/,
    ],
    ['a port that is none', { set: ['imap.port=65536'] }, /imap\.port cannot be "65536" \(--set\)/],
    ['a half number', { set: ['imap.port=1.5'] }, /imap\.port/],
    [
      'a word for a yes',
      { environment: { POSTERN_NETWORK_LOOPBACK_ONLY: 'maybe' } },
      /network\.loopback_only cannot be "maybe".*true or false/,
    ],
    ['an unknown profile', { set: ['network.profile=test'] }, /allowed is "main" or "private"/],
    ['a peer without a port', { set: ['network.peers=127.0.0.1'] }, /network\.peers/],
    ['a list that is cut off', { set: ['network.peers=["127.0.0.1:1"'] }, /network\.peers/],
    ['a peer on port 0', { set: ['network.peers=127.0.0.1:0'] }, /network\.peers/],
    ['a misspelt variable', { environment: { POSTERN_NETWORK_LOOPBACK: 'true' } }, /unknown setting POSTERN_NETWORK_LOOPBACK/],
    ['an unknown --set', { set: ['network.nothing=1'] }, /unknown setting network\.nothing/],
    ['a --set without a value', { set: ['network.listen'] }, /expected section\.key=value/],
    ['a broken file', file('[imap'), /mine\.toml is not TOML/],
    ['a mail port for the world', { set: ['imap.host=0.0.0.0'] }, /imap\.host = "0\.0\.0\.0" can be reached from other machines/],
    [
      'a mail port for the world under loopback_only',
      { set: ['smtp.host=::', 'access.allow_remote=true', 'network.loopback_only=true'] },
      /forbids/,
    ],
    ['a proxy of another kind', { set: ['network.proxy=http://127.0.0.1:8080'] }, /network\.proxy cannot be .*socks5:/],
    ['a proxy by a name, which would be looked up', { set: ['network.proxy=socks5://tor.example.org:9050'] }, /network\.proxy/],
    ['a proxy without a port', { set: ['network.proxy=socks5://127.0.0.1'] }, /network\.proxy/],
    ['strict without a proxy', { set: ['network.proxy_strict=true'] }, /needs network\.proxy/],
    [
      'strict, and ports for others',
      { set: ['network.proxy_strict=true', 'network.proxy=socks5://127.0.0.1:9050', 'network.proxy_listen=true'] },
      /contradict/,
    ],
    [
      'broadcasts beside a proxy',
      { set: ['network.local_discovery=true', 'network.proxy=socks5://127.0.0.1:9050', 'network.proxy_strict=true'] },
      /a broadcast bypasses the proxy/,
    ],
    ['onions only, and no way to them', { set: ['network.onion_only=true'] }, /needs network\.proxy or network\.onion_proxy/],
    [
      'an onion peer, and no way to it',
      { set: [`network.peers=${'a'.repeat(56)}.onion:8444`] },
      /needs network\.proxy or network\.onion_proxy/,
    ],
    [
      'a proxy elsewhere under loopback_only',
      { set: ['network.proxy=socks5://10.0.0.1:9050', 'network.loopback_only=true'] },
      /loopback_only forbids it/,
    ],
    ['a control port elsewhere', { set: ['network.tor_control=10.0.0.1:9051'] }, /network\.tor_control/],
    ['an onion address of version 2', { set: ['network.onion_address=abcdefghijklmnop.onion:8444'] }, /network\.onion_address/],
    ['a web port for the world', { set: ['web.host=0.0.0.0'] }, /web\.host/],
    ['a life beyond 28 days', { set: ['mail.ttl_hours=673'] }, /mail\.ttl_hours/],
    ['a user name that looks like an identity', { set: ['access.user=bm-2cabc'] }, /access\.user/],
  ];
  for (const [what, sources, message] of wrong) {
    it(`refuses ${what}`, () =>
      assert.throws(
        () => loadConfig(sources),
        (error) => error instanceof ConfigError && message.test(error.message),
      ));
  }

  it('leaves the variables of others alone, and names them', () => {
    const environment = { POSTERN_NETWROK_LISTEN: 'x', POSTERN_IMAP_PORT: '1', HOME: '/' };
    assert.equal(loadConfig({ environment }).imap.port, 1);
    assert.deepEqual(unknownVariables(environment), ['POSTERN_NETWROK_LISTEN']);
  });

  for (const [host, expected] of [
    ['127.0.0.1', true],
    ['127.8.8.8', true],
    ['::1', true],
    ['localhost', true],
    ['127.0.0.999', false], // a name, and names are looked up
    ['127.0.0.1.example.org', false],
    ['0.0.0.0', false],
    ['10.0.0.1', false],
  ] as const)
    it(`${expected ? 'takes' : 'does not take'} ${host} for this machine`, () => assert.equal(isLoopback(host), expected));

  for (const [text, expected] of [
    ['localhost:1', { host: 'localhost', port: 1 }],
    ['[::1]:65535', { host: '::1', port: 65535 }],
    ['::1:5', undefined],
    ['a:65536', undefined],
    ['a', undefined],
    [':1', undefined],
    ['a b:1', undefined],
  ] as const)
    it(`takes "${text}" apart`, () => assert.deepEqual(parseHostPort(text), expected));
});
