/** What is wrong with the settings, and what is allowed in them. */
import { write } from './write.js';

export const settings = {
  unknown: (key: string, source: string) => `unknown setting ${key} (${source}): config/default.toml lists all there are`,
  cannotBe: (key: string, value: string, source: string, allowed: string) => `${key} cannot be ${value} (${source}): allowed is ${allowed}`,
  environment: 'the environment',
  notSet: (keys: string) => `config/default.toml does not set ${keys}`,
  notToml: (file: string, why: string) => `${file} is not TOML: ${why}`,
  badOverride: (typed: string) => `--set ${typed}: expected section.key=value`,
  notReadable: (path: string, why: string) => `cannot read ${path}: ${why}`,

  allowed: {
    flag: 'true or false',
    oneOf: (values: readonly string[]) => write.either(values),
    oneOfOrFlag: (values: readonly string[]) => `${write.either(values)} (or true or false)`,
    whole: (least: string, most: string) => `a whole number from ${least} to ${most}`,
    listen: '"host:port" or "" for none',
    peers: 'a list of "host:port"',
    proxy: '"socks5://ADDRESS:PORT" or "socks4a://ADDRESS:PORT", an address or localhost, or "" for none',
    shortLine: 'up to 255 bytes',
    localDoor: '"host:port" on this machine or an absolute path',
    onionAddress: '"name.onion:port" with the 56 characters of version 3, or "" for none',
    host: 'a host name or address',
    ownPort: '"host:port" of this very machine, or "" for none',
    text: 'text',
    user: '1 to 64 letters, digits or . _ - that do not begin with "BM-"',
    path: 'an absolute path or "" for none',
    name: '1 to 100 characters',
    loopback: '127.0.0.1, ::1 or localhost',
  },

  needs: (key: string, other: string) => `${key} needs ${other}`,
  needsEither: (key: string, others: readonly string[]) => `${key} needs ${write.either(others)}`,
  contradict: (key: string, other: string) => `${key} and ${other} contradict each other`,
  broadcastBypasses: 'network.local_discovery = true and network.proxy contradict each other: a broadcast bypasses the proxy',
  backupNeedsPassphrase: 'backup.directory needs backup.passphrase_file: backups are encrypted',
  reachable: (key: string, host: string) =>
    `${key} = "${host}" can be reached from other machines: set access.allow_remote = true if that is meant`,
  reachableForbidden: (key: string, host: string) =>
    `${key} = "${host}" can be reached from other machines: network.loopback_only forbids it`,
  elsewhere: (key: string, value: string) => `${key} = "${value}" is not on this machine: network.loopback_only forbids it`,
  oneOfTwo: (key: string, other: string) => `${key} and ${other}: one of the two, not both`,
  badOnion: (address: string) => `${address} is no onion service: of version 3, some of its 56 characters are wrong`,
};
