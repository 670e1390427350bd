/** Pure: which of PyBitmessage's settings have a counterpart here, and which value it would have. */
import { booleanOf, type RawSection, textOf, wholeOf } from './python-config.js';

export interface MappedSettings {
  /** Lines for config.toml: "section.key" and the value as TOML. */
  readonly suggested: readonly (readonly [key: string, value: string])[];
  /** Keys that mean nothing here: the look of windows, and what works in another way. */
  readonly without: readonly string[];
}

/** Passwords are not taken over unasked, and not named either. */
const SECRETS = ['apipassword', 'apiusername', 'sockspassword', 'socksusername', 'smtpdpassword', 'smtpdusername', 'namecoinrpcpassword'];
const MAX_TTL_HOURS = 28 * 24;

const MAPPINGS: readonly { readonly from: string; readonly map: (settings: RawSection) => readonly [string, string] | undefined }[] = [
  {
    from: 'ttl',
    map: (settings) => {
      const seconds = wholeOf(settings, 'ttl') ?? 0;
      return seconds > 0 ? ['mail.ttl_hours', String(Math.min(Math.max(Math.round(seconds / 3600), 1), MAX_TTL_HOURS))] : undefined;
    },
  },
  {
    from: 'port',
    map: (settings) => {
      const port = wholeOf(settings, 'port') ?? 0;
      return port > 0 ? ['network.listen', JSON.stringify(`0.0.0.0:${port}`)] : undefined;
    },
  },
  {
    from: 'maxoutboundconnections',
    map: (settings) => {
      const most = wholeOf(settings, 'maxoutboundconnections');
      return most === undefined ? undefined : ['network.max_outbound_connections', String(most)];
    },
  },
  {
    from: 'trustedpeer',
    map: (settings) => {
      const peer = textOf(settings, 'trustedpeer') ?? '';
      return peer === '' ? undefined : ['network.peers', JSON.stringify([peer])];
    },
  },
  {
    from: 'extralowdifficulty',
    map: (settings) => (booleanOf(settings, 'extralowdifficulty') ? ['network.min_nonce_trials_per_byte', '10'] : undefined),
  },
  {
    from: 'sendoutgoingconnections',
    map: (settings) => (booleanOf(settings, 'sendoutgoingconnections') === false ? ['network.max_outbound_connections', '0'] : undefined),
  },
];

export function mapSettings(settings: RawSection): MappedSettings {
  const suggested = new Map<string, string>();
  for (const { map } of MAPPINGS) {
    const line = map(settings);
    if (line !== undefined) suggested.set(...line);
  }
  const mapped = MAPPINGS.map(({ from }) => from);
  const without = [...settings.keys()].filter((key) => !mapped.includes(key) && !SECRETS.includes(key) && key !== 'settingsversion');
  return { suggested: [...suggested], without };
}
