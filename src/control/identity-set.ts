/** "identity set": what one of one's own addresses is called, whether it is in use, and what holds for what it sends and receives. */
import type { IdentityUpdate } from '../bitmessage/node.js';
import { parseSpan, parseTtl } from '../mapping/ttl.js';
import { findIdentity, readLabel } from './identity-find.js';
import { identityValue } from './identity-list.js';
import { type Arguments, ControlRefusal, type Operation } from './operation.js';

/** As in the settings: who wants more than a day has a date in mind, and can give one. */
const MAX_DELAY_SECONDS = 86_400;
/** A million times what the main network demands: nobody could write any more, and it fits the four bytes that some programs keep. */
const MAX_DEMAND = 1_000_000_000;

export const identitySet: Operation = {
  name: 'identity set',
  help: 'Change what holds for one of your addresses.',
  parameters: [
    { name: 'address', place: 'positional', isRequired: true, help: 'the address, or its label' },
    { name: 'label', place: 'option', isRequired: false, help: 'its name' },
    { name: 'enabled', place: 'option', isRequired: false, help: 'yes, or no: it neither sends nor receives' },
    { name: 'ttl', place: 'option', isRequired: false, help: 'how long its messages live: 2d, 36h; "default" for that of the settings' },
    {
      name: 'delay',
      place: 'option',
      isRequired: false,
      help: 'its messages wait at random, at most so long: 30m, 2h; "none", or "default" for that of the settings',
    },
    {
      name: 'signature',
      place: 'option',
      isRequired: false,
      choices: ['sha256', 'sha1'],
      help: 'sha256 (the default), or sha1 for readers that know nothing else (Jabit, bitchan)',
    },
    {
      name: 'nonce-trials',
      place: 'option',
      isRequired: false,
      help: 'work demanded of who writes to it, per byte; 1000 is the least, 0 the default',
    },
    { name: 'extra-bytes', place: 'option', isRequired: false, help: 'counted to each message to it; 1000 is the least, 0 the default' },
  ],
  run({ address, ...values }, { node }) {
    const change = readChange(values);
    if (Object.keys(change).length === 0) throw new ControlRefusal('say what to change, such as --label, --enabled or --ttl');
    const { address: changed } = findIdentity(node, address);
    node.updateIdentity(changed, change);
    const value = identityValue(findIdentity(node, changed));
    const rows = Object.entries(value).filter(([name]) => name !== 'address');
    return {
      value,
      text: `${changed}\n${rows.map(([name, told]) => `  ${name}: ${told === null ? 'none' : JSON.stringify(told)}`).join('\n')}`,
    };
  },
};

function readChange(values: Arguments): IdentityUpdate {
  const { label, enabled, ttl, delay, signature, 'nonce-trials': trials, 'extra-bytes': extraBytes } = values;
  return {
    ...(label === undefined ? {} : { label: readLabel(label) }),
    ...(enabled === undefined ? {} : { enabled: readAnswer(enabled) }),
    ...(ttl === undefined ? {} : { ttlSeconds: readTtl(ttl) }),
    ...(delay === undefined ? {} : { sendDelaySeconds: readDelay(delay) }),
    ...(signature === undefined ? {} : { signatureDigest: readDigest(signature) }),
    ...(trials === undefined ? {} : { nonceTrialsPerByte: readDemand('nonce-trials', trials) }),
    ...(extraBytes === undefined ? {} : { extraBytes: readDemand('extra-bytes', extraBytes) }),
  };
}

function readAnswer(text: string): boolean {
  if (!/^(yes|no|true|false|on|off)$/i.test(text)) throw new ControlRefusal('enabled is yes or no');
  return /^(yes|true|on)$/i.test(text);
}

function readTtl(text: string): number {
  if (/^(default|0)$/i.test(text)) return 0;
  const ttl = parseTtl(text);
  if (typeof ttl === 'string') throw new ControlRefusal(ttl);
  return ttl;
}

function readDelay(text: string): number | null {
  if (/^default$/i.test(text)) return null;
  const delay = /^none$/i.test(text) ? 0 : parseSpan(text);
  if (delay === undefined || delay > MAX_DELAY_SECONDS) throw new ControlRefusal('a delay looks like 30m or 2h, and is a day at most');
  return delay;
}

function readDigest(text: string): 'sha1' | 'sha256' {
  const digest = (['sha1', 'sha256'] as const).find((name) => name === text.toLowerCase().replace('-', ''));
  if (digest === undefined) throw new ControlRefusal('signature is sha256 or sha1');
  return digest;
}

function readDemand(name: string, text: string): number {
  const demand = Number(text);
  if (!/^\d{1,10}$/.test(text) || demand > MAX_DEMAND) throw new ControlRefusal(`${name} is a whole number of at most ${MAX_DEMAND}`);
  return demand;
}
