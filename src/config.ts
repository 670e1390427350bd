/** The settings: config/default.toml < the user's file < the environment < --set, as one frozen and checked value. */
import { readFileSync } from 'node:fs';
import { isIP, isIPv4 } from 'node:net';
import { isAbsolute } from 'node:path';
import { parse } from 'smol-toml';
import { LANGUAGES } from './words/language.js';

/** Something in the settings cannot be used; the operator reads the message. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** One setting: how it is read from TOML, from the text of a variable or a flag, and what is allowed in words. */
interface Setting<T> {
  readonly allowed: string;
  /** The checked value, or undefined when it is not allowed. */
  read(value: unknown): T | undefined;
  /** Text from the environment or --set as the TOML value it means. */
  fromText(text: string): unknown;
}

const flag: Setting<boolean> = {
  allowed: 'true or false',
  read: (value) => (typeof value === 'boolean' ? value : undefined),
  fromText: (text) => ({ true: true, '1': true, false: false, '0': false })[text.trim().toLowerCase()],
};

/** true and false are what people try first. */
const tlsMode: Setting<'prefer' | 'require' | 'off'> = {
  allowed: '"prefer", "require" or "off" (or true or false)',
  read: (value) => (value === true ? 'prefer' : value === false ? 'off' : oneOf('prefer', 'require', 'off').read(value)),
  fromText: (text) => flag.fromText(text) ?? unquote(text),
};

const stealthLevel: Setting<0 | 1 | 2> = {
  allowed: '0, 1 or 2',
  read: (value) => ([0, 1, 2] as const).find((level) => level === value),
  fromText: Number,
};

const PROXY_ALLOWED = '"socks5://ADDRESS:PORT" or "socks4a://ADDRESS:PORT", an address or localhost, or "" for none';

const PATH_ALLOWED = 'an absolute path or "" for none';

const SETTINGS = {
  network: {
    profile: oneOf('main', 'private'),
    listen: text('"host:port" or "" for none', (value) => value === '' || parseHostPort(value) !== undefined),
    peers: list('a list of "host:port"', (value) => (parseHostPort(value)?.port ?? 0) > 0),
    bootstrap: flag,
    local_discovery: flag,
    loopback_only: flag,
    proxy: text(PROXY_ALLOWED, (value) => value === '' || parseProxy(value) !== undefined),
    // RFC 1929 gives each a byte for its length; SOCKS4a ends a user with a zero byte.
    proxy_user: text('up to 255 bytes', isShortLine),
    proxy_password: text('up to 255 bytes', isShortLine),
    proxy_isolate: flag,
    proxy_strict: flag,
    proxy_listen: flag,
    onion_proxy: text(PROXY_ALLOWED, (value) => value === '' || parseProxy(value) !== undefined),
    onion_only: flag,
    onion_service: flag,
    tor_control: text('"host:port" on this machine or an absolute path', isLocalDoor),
    tor_control_password: text('up to 255 bytes', isShortLine),
    onion_address: text('"name.onion:port" with the 56 characters of version 3, or "" for none', isOnionAddress),
    tls: tlsMode,
    // More than 1000 of either would want more file descriptors than most systems give.
    max_outbound_connections: whole(0, 1000),
    max_connections: whole(1, 1000),
    // Up to 10 Gbit/s.
    max_download_bytes_per_second: whole(0, 1_250_000_000),
    max_upload_bytes_per_second: whole(0, 1_250_000_000),
    // The wire carries both as var_int; beyond 2^32 no work would ever be done.
    min_nonce_trials_per_byte: whole(0, 2 ** 32),
    min_extra_bytes: whole(0, 2 ** 32),
    min_free_disk_mb: whole(0, 1_000_000),
  },
  imap: { host: text('a host name or address', (value) => value !== ''), port: whole(0, 65535), tls_port: whole(0, 65535) },
  smtp: { host: text('a host name or address', (value) => value !== ''), port: whole(0, 65535), tls_port: whole(0, 65535) },
  carddav: {
    enabled: flag,
    host: text('a host name or address', (value) => value !== ''),
    port: whole(0, 65535),
    tls_port: whole(0, 65535),
  },
  namecoin: {
    rpc: text('"host:port" of this very machine, or "" for none', (value) => value === '' || isLoopback(parseHostPort(value)?.host ?? '')),
    user: text('text', () => true),
    password: text('text', () => true),
  },
  access: {
    // "BM-…" would be an identity login.
    user: text('1 to 64 letters, digits or . _ - that do not begin with "BM-"', (value) => /^(?!bm-)[\w.-]{1,64}$/i.test(value)),
    allow_remote: flag,
    passphrase_file: text(PATH_ALLOWED, (value) => value === '' || isAbsolute(value)),
  },
  mail: {
    first_identity: text('1 to 100 characters', (value) => value.length >= 1 && value.length <= 100),
    ttl_hours: whole(1, 672),
    chan_posts_per_day: whole(0, 1_000_000),
    // An object carries no more.
    chan_post_bytes: whole(1, 262_144),
    accept: oneOf('all', 'known'),
    send_attempts: whole(1, 100),
    give_up_days: whole(1, 366),
    // A day: who wants more has a date in mind, and can give one.
    send_delay_minutes: whole(0, 1440),
    ack_stealth_level: stealthLevel,
  },
  pow: {
    threads: whole(0, 256),
    pause_on_battery: flag,
    // The network's own minimum is 1000 of each: with less nobody could be written to.
    max_nonce_trials_per_byte: whole(1000, 2 ** 32),
    max_extra_bytes: whole(1000, 2 ** 32),
  },
  web: { host: text('127.0.0.1, ::1 or localhost', isLoopback), port: whole(0, 65535), open_metrics: flag },
  log: { level: oneOf('debug', 'info', 'warn', 'error') },
  texts: { language: oneOf('auto', ...LANGUAGES) },
  backup: {
    directory: text(PATH_ALLOWED, (value) => value === '' || isAbsolute(value)),
    keep: whole(1, 1000),
    passphrase_file: text(PATH_ALLOWED, (value) => value === '' || isAbsolute(value)),
  },
};

type Settings = typeof SETTINGS;

/** All settings, checked and frozen; keys as in config/default.toml. */
export type Config = {
  readonly [S in keyof Settings]: { readonly [K in keyof Settings[S]]: Settings[S][K] extends Setting<infer T> ? T : never };
};

export interface ConfigSources {
  /** The text of the user's file, when there is one, and its name for the error messages. */
  readonly file?: { readonly name: string; readonly text: string };
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** "section.key=value", as given to --set. */
  readonly set?: readonly string[];
}

/** @throws ConfigError naming the key, where it was set and what is allowed */
export function loadConfig(sources: ConfigSources = {}): Config {
  const values = new Map<string, unknown>();
  const defaults = readFileSync(new URL('../../config/default.toml', import.meta.url), 'utf8');
  takeFile(values, 'config/default.toml', defaults);
  const missing = allKeys().filter((key) => !values.has(key));
  if (missing.length > 0) throw new ConfigError(`config/default.toml does not set ${missing.join(', ')}`);
  if (sources.file !== undefined) takeFile(values, sources.file.name, sources.file.text);
  takeEnvironment(values, sources.environment ?? {});
  takeOverrides(values, sources.set ?? []);
  const config = Object.fromEntries(
    Object.entries(SETTINGS).map(([section, keys]) => [
      section,
      Object.freeze(Object.fromEntries(Object.keys(keys).map((key) => [key, values.get(`${section}.${key}`)]))),
    ]),
  ) as Config;
  checkTogether(config);
  return Object.freeze(config);
}

/** Variables that look like ours and set nothing: worth a warning, as they may be misspelt. */
export function unknownVariables(environment: Readonly<Record<string, string | undefined>>): string[] {
  const known = new Set(allKeys().map(variableName));
  return Object.keys(environment).filter((name) => name.startsWith('POSTERN_') && !known.has(name));
}

/** "127.0.0.1:8444", "[::1]:8444" or "name:8444" taken apart; undefined when it is none of these. */
export function parseHostPort(value: string): { host: string; port: number } | undefined {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:/[\]]+)):(\d{1,5})$/.exec(value);
  if (match === null || Number(match[3]) > 65535) return undefined;
  return { host: match[1] ?? match[2], port: Number(match[3]) };
}

/** "socks5://127.0.0.1:9050" taken apart. No name but localhost: it would have to be looked up before there is a proxy to ask. */
export function parseProxy(value: string): { protocol: 'socks5' | 'socks4a'; host: string; port: number } | undefined {
  const [, protocol, rest] = /^(socks5|socks4a):\/\/(.+)$/.exec(value) ?? [];
  const address = rest === undefined ? undefined : parseHostPort(rest);
  if (address === undefined || address.port === 0 || (isIP(address.host) === 0 && address.host !== 'localhost')) return undefined;
  return { protocol: protocol as 'socks5' | 'socks4a', ...address };
}

/** Whether a host is this very machine, told from its spelling alone: nothing is looked up. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

function isShortLine(value: string): boolean {
  return Buffer.byteLength(value) <= 255 && !/[\0\r\n]/.test(value);
}

function isLocalDoor(value: string): boolean {
  const address = parseHostPort(value);
  return address === undefined ? isAbsolute(value) : address.port > 0 && isLoopback(address.host);
}

function isOnionAddress(value: string): boolean {
  return value === '' || /^[a-z2-7]{56}\.onion:[1-9]\d{0,4}$/.test(value);
}

/** What no single key can say. */
function checkTogether(config: Config): void {
  checkRoutes(config.network);
  if (config.backup.directory !== '' && config.backup.passphrase_file === '') {
    throw new ConfigError('backup.directory needs backup.passphrase_file: backups are encrypted');
  }
  for (const section of ['imap', 'smtp', 'carddav'] as const) {
    const { host } = config[section];
    if (isLoopback(host) || (config.access.allow_remote && !config.network.loopback_only)) continue;
    const remedy = config.network.loopback_only ? 'network.loopback_only forbids it' : 'set access.allow_remote = true if that is meant';
    throw new ConfigError(`${section}.host = "${host}" can be reached from other machines: ${remedy}`);
  }
}

/** Half a disguise is worse than none: whoever asks for one that cannot be had is told so before anything is opened. */
function checkRoutes(network: Config['network']): void {
  const { proxy, onion_proxy: onionProxy, loopback_only: loopbackOnly } = network;
  if (network.proxy_strict && proxy === '') throw new ConfigError('network.proxy_strict = true needs network.proxy');
  if (network.proxy_strict && network.proxy_listen) {
    throw new ConfigError('network.proxy_strict = true and network.proxy_listen = true contradict each other');
  }
  if (network.local_discovery && (proxy !== '' || network.proxy_strict)) {
    throw new ConfigError('network.local_discovery = true and network.proxy contradict each other: a broadcast bypasses the proxy');
  }
  if (proxy === '' && onionProxy === '') {
    if (network.onion_only) throw new ConfigError('network.onion_only = true needs network.proxy or network.onion_proxy');
    const peer = network.peers.find((each) => /\.onion$/i.test(parseHostPort(each)?.host ?? ''));
    if (peer !== undefined) throw new ConfigError(`network.peers: ${peer} needs network.proxy or network.onion_proxy`);
  }
  for (const [key, value] of Object.entries({ proxy, onion_proxy: onionProxy })) {
    const host = parseProxy(value)?.host;
    if (loopbackOnly && host !== undefined && !isLoopback(host)) {
      throw new ConfigError(`network.${key} = "${value}" is not on this machine: network.loopback_only forbids it`);
    }
  }
  if (network.onion_service && network.onion_address !== '') {
    throw new ConfigError('network.onion_service and network.onion_address: one of the two, not both');
  }
}

function takeFile(values: Map<string, unknown>, name: string, content: string): void {
  let tables: Record<string, unknown>;
  try {
    tables = parse(content);
  } catch (error) {
    throw new ConfigError(`${name} is not TOML: ${(error as Error).message.split('\n')[0]}`, { cause: error });
  }
  for (const [section, table] of Object.entries(tables)) {
    if (typeof table !== 'object' || table === null || Array.isArray(table) || !Object.hasOwn(SETTINGS, section))
      throw unknown(section, name);
    for (const [key, value] of Object.entries(table)) values.set(`${section}.${key}`, read(`${section}.${key}`, value, name));
  }
}

/** A variable of a section that we know must name a key that we know; what is not of our sections belongs to somebody else. */
function takeEnvironment(values: Map<string, unknown>, environment: Readonly<Record<string, string | undefined>>): void {
  const byVariable = new Map(allKeys().map((key) => [variableName(key), key]));
  const sections = Object.keys(SETTINGS).map((section) => `POSTERN_${section.toUpperCase()}_`);
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined || !sections.some((prefix) => name.startsWith(prefix))) continue;
    const key = byVariable.get(name);
    if (key === undefined) throw unknown(name, 'the environment');
    values.set(key, read(key, settingOf(key)!.fromText(value), name, value));
  }
}

function takeOverrides(values: Map<string, unknown>, overrides: readonly string[]): void {
  for (const override of overrides) {
    const [, key, value] = /^([^=]+)=(.*)$/s.exec(override) ?? [];
    if (key === undefined) throw new ConfigError(`--set ${override}: expected section.key=value`);
    const setting = settingOf(key);
    if (setting === undefined) throw unknown(key, '--set');
    values.set(key, read(key, setting.fromText(value), '--set', value));
  }
}

function read(key: string, value: unknown, source: string, typed: unknown = value): unknown {
  const setting = settingOf(key);
  if (setting === undefined) throw unknown(key, source);
  const result = setting.read(value);
  if (result === undefined) throw new ConfigError(`${key} cannot be ${JSON.stringify(typed)} (${source}): allowed is ${setting.allowed}`);
  return result;
}

function unknown(key: string, source: string): ConfigError {
  return new ConfigError(`unknown setting ${key} (${source}): config/default.toml lists all there are`);
}

function settingOf(key: string): Setting<unknown> | undefined {
  const [section, name, ...more] = key.split('.');
  if (more.length > 0 || !Object.hasOwn(SETTINGS, section)) return undefined;
  const keys: Record<string, Setting<unknown>> = SETTINGS[section as keyof Settings];
  return name !== undefined && Object.hasOwn(keys, name) ? keys[name] : undefined;
}

function allKeys(): string[] {
  return Object.entries(SETTINGS).flatMap(([section, keys]) => Object.keys(keys).map((key) => `${section}.${key}`));
}

function variableName(key: string): string {
  return `POSTERN_${key.replace('.', '_').toUpperCase()}`;
}

function oneOf<const T extends string>(...words: T[]): Setting<T> {
  return {
    allowed: words.map((word) => `"${word}"`).join(' or '),
    read: (value) => words.find((word) => word === value),
    fromText: unquote,
  };
}

function text(allowed: string, isAllowed: (value: string) => boolean): Setting<string> {
  return { allowed, read: (value) => (typeof value === 'string' && isAllowed(value) ? value : undefined), fromText: unquote };
}

function whole(min: number, max: number): Setting<number> {
  return {
    allowed: `a whole number from ${min} to ${max}`,
    read: (value) => (Number.isInteger(value) && (value as number) >= min && (value as number) <= max ? (value as number) : undefined),
    // Empty stands for 0 where 0 means "as usual"; elsewhere 0 is refused by its own range.
    fromText: (value) => (/^\d*$/.test(value.trim()) ? Number(value.trim()) : value),
  };
}

function list(allowed: string, isAllowed: (item: string) => boolean): Setting<readonly string[]> {
  const isList = (value: unknown): value is string[] =>
    Array.isArray(value) && value.every((item) => typeof item === 'string' && isAllowed(item));
  return {
    allowed,
    read: (value) => (isList(value) ? Object.freeze([...value]) : undefined),
    // "[::1]:8444" begins like a TOML list, and is none.
    fromText: (value) =>
      (value.trim().startsWith('[') ? tomlValue(value) : undefined) ??
      value
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== ''),
  };
}

/** Strings may be written with or without the quotes that TOML wants. */
function unquote(value: string): unknown {
  return /^".*"$/s.test(value) ? tomlValue(value) : value;
}

function tomlValue(source: string): unknown {
  try {
    return parse(`value = ${source}`).value;
  } catch {
    return undefined;
  }
}
