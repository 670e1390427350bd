/** The settings: config/default.toml < the user's file < the environment < --set, as one frozen and checked value. */
import { readFileSync } from 'node:fs';
import { isIP, isIPv4 } from 'node:net';
import { isAbsolute } from 'node:path';
import { parse } from 'smol-toml';
import { flag, list, oneOf, type Setting, stealthLevel, text, tlsMode, whole } from './config/setting.js';
import { LANGUAGES } from './words/language.js';
import { Refusal } from './words/refusal.js';
import type { Saying } from './words/words.js';

/** Something in the settings cannot be used; the operator reads why. */
export class ConfigError extends Refusal {
  override readonly name = 'ConfigError';
}

const SETTINGS = {
  network: {
    profile: oneOf('main', 'private'),
    listen: text('listen', (value) => value === '' || parseHostPort(value) !== undefined),
    peers: list('peers', (value) => (parseHostPort(value)?.port ?? 0) > 0),
    bootstrap: flag,
    local_discovery: flag,
    loopback_only: flag,
    proxy: text('proxy', (value) => value === '' || parseProxy(value) !== undefined),
    // RFC 1929 gives each a byte for its length; SOCKS4a ends a user with a zero byte.
    proxy_user: text('shortLine', isShortLine),
    proxy_password: text('shortLine', isShortLine),
    proxy_isolate: flag,
    proxy_strict: flag,
    proxy_listen: flag,
    onion_proxy: text('proxy', (value) => value === '' || parseProxy(value) !== undefined),
    onion_only: flag,
    onion_service: flag,
    tor_control: text('localDoor', isLocalDoor),
    tor_control_password: text('shortLine', isShortLine),
    onion_address: text('onionAddress', isOnionAddress),
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
  imap: {
    host: text('host', (value) => value !== ''),
    port: whole(0, 65535),
    tls_port: whole(0, 65535),
  },
  smtp: {
    host: text('host', (value) => value !== ''),
    port: whole(0, 65535),
    tls_port: whole(0, 65535),
  },
  carddav: {
    enabled: flag,
    host: text('host', (value) => value !== ''),
    port: whole(0, 65535),
    tls_port: whole(0, 65535),
  },
  namecoin: {
    rpc: text('ownPort', (value) => value === '' || isLoopback(parseHostPort(value)?.host ?? '')),
    user: text('text', () => true),
    password: text('text', () => true),
  },
  access: {
    // "BM-…" would be an identity login.
    user: text('user', (value) => /^(?!bm-)[\w.-]{1,64}$/i.test(value)),
    allow_remote: flag,
    passphrase_file: text('path', (value) => value === '' || isAbsolute(value)),
  },
  mail: {
    first_identity: text('name', (value) => value.length >= 1 && value.length <= 100),
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
  web: { host: text('loopback', isLoopback), port: whole(0, 65535), open_metrics: flag },
  log: { level: oneOf('debug', 'info', 'warn', 'error') },
  texts: { language: oneOf('auto', ...LANGUAGES) },
  backup: {
    directory: text('path', (value) => value === '' || isAbsolute(value)),
    keep: whole(1, 1000),
    passphrase_file: text('path', (value) => value === '' || isAbsolute(value)),
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
  if (missing.length > 0) throw new ConfigError(({ settings }) => settings.notSet(missing.join(', ')));
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
    throw new ConfigError(({ settings }) => settings.backupNeedsPassphrase);
  }
  for (const section of ['imap', 'smtp', 'carddav'] as const) {
    const { host } = config[section];
    if (isLoopback(host) || (config.access.allow_remote && !config.network.loopback_only)) continue;
    const isForbidden = config.network.loopback_only;
    throw new ConfigError(({ settings }) => (isForbidden ? settings.reachableForbidden : settings.reachable)(`${section}.host`, host));
  }
}

/** What leads to onion names. */
const ONION_ROUTES = ['network.proxy', 'network.onion_proxy'];

/** Half a disguise is worse than none: whoever asks for one that cannot be had is told so before anything is opened. */
function checkRoutes(network: Config['network']): void {
  const { proxy, onion_proxy: onionProxy, loopback_only: loopbackOnly } = network;
  if (network.proxy_strict && proxy === '')
    throw new ConfigError(({ settings }) => settings.needs('network.proxy_strict = true', 'network.proxy'));
  if (network.proxy_strict && network.proxy_listen) {
    throw new ConfigError(({ settings }) => settings.contradict('network.proxy_strict = true', 'network.proxy_listen = true'));
  }
  if (network.local_discovery && (proxy !== '' || network.proxy_strict)) {
    throw new ConfigError(({ settings }) => settings.broadcastBypasses);
  }
  if (proxy === '' && onionProxy === '') {
    if (network.onion_only) throw new ConfigError(({ settings }) => settings.needsEither('network.onion_only = true', ONION_ROUTES));
    const peer = network.peers.find((each) => /\.onion$/i.test(parseHostPort(each)?.host ?? ''));
    if (peer !== undefined) throw new ConfigError(({ settings }) => settings.needsEither(`network.peers: ${peer}`, ONION_ROUTES));
  }
  for (const [key, value] of Object.entries({ proxy, onion_proxy: onionProxy })) {
    const host = parseProxy(value)?.host;
    if (loopbackOnly && host !== undefined && !isLoopback(host)) {
      throw new ConfigError(({ settings }) => settings.elsewhere(`network.${key}`, value));
    }
  }
  if (network.onion_service && network.onion_address !== '') {
    throw new ConfigError(({ settings }) => settings.oneOfTwo('network.onion_service', 'network.onion_address'));
  }
}

function takeFile(values: Map<string, unknown>, name: string, content: string): void {
  let tables: Record<string, unknown>;
  try {
    tables = parse(content);
  } catch (error) {
    throw new ConfigError(({ settings }) => settings.notToml(name, (error as Error).message.split('\n')[0]), { cause: error });
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
    if (key === undefined) throw unknown(name, ({ settings }) => settings.environment);
    values.set(key, read(key, settingOf(key)!.fromText(value), name, value));
  }
}

function takeOverrides(values: Map<string, unknown>, overrides: readonly string[]): void {
  for (const override of overrides) {
    const [, key, value] = /^([^=]+)=(.*)$/s.exec(override) ?? [];
    if (key === undefined) throw new ConfigError(({ settings }) => settings.badOverride(override));
    const setting = settingOf(key);
    if (setting === undefined) throw unknown(key, '--set');
    values.set(key, read(key, setting.fromText(value), '--set', value));
  }
}

function read(key: string, value: unknown, source: string, typed: unknown = value): unknown {
  const setting = settingOf(key);
  if (setting === undefined) throw unknown(key, source);
  const result = setting.read(value);
  if (result === undefined) {
    const written = JSON.stringify(typed);
    throw new ConfigError(({ settings }) => settings.cannotBe(key, written, source, setting.allowed(settings.allowed)));
  }
  return result;
}

function unknown(key: string, source: Saying | string): ConfigError {
  return new ConfigError((words) => words.settings.unknown(key, typeof source === 'string' ? source : source(words)));
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
