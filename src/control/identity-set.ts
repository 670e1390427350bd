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
  help: ({ identities }) => identities.set.help,
  parameters: [
    { name: 'address', place: 'positional', isRequired: true, help: ({ identities }) => identities.set.address },
    { name: 'label', place: 'option', isRequired: false, help: ({ identities }) => identities.set.label },
    { name: 'enabled', place: 'option', isRequired: false, help: ({ identities }) => identities.set.enabled },
    { name: 'ttl', place: 'option', isRequired: false, help: ({ identities }) => identities.set.ttl },
    {
      name: 'delay',
      place: 'option',
      isRequired: false,
      help: ({ identities }) => identities.set.delay,
    },
    {
      name: 'signature',
      place: 'option',
      isRequired: false,
      choices: ['sha256', 'sha1'],
      help: ({ identities }) => identities.set.signature,
    },
    {
      name: 'nonce-trials',
      place: 'option',
      isRequired: false,
      help: ({ identities }) => identities.set.trials,
    },
    { name: 'extra-bytes', place: 'option', isRequired: false, help: ({ identities }) => identities.set.extraBytes },
  ],
  run({ address, ...values }, { node, words }) {
    const change = readChange(values);
    if (Object.keys(change).length === 0) throw new ControlRefusal(({ identities }) => identities.set.nothing);
    const { address: changed } = findIdentity(node, address);
    node.updateIdentity(changed, change);
    const value = identityValue(findIdentity(node, changed));
    const rows = Object.entries(value).filter(([name]) => name !== 'address');
    return {
      value,
      text: `${changed}\n${rows.map(([name, told]) => `  ${name}: ${told === null ? words.identities.set.none : JSON.stringify(told)}`).join('\n')}`,
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
  if (!/^(yes|no|true|false|on|off)$/i.test(text)) throw new ControlRefusal(({ identities }) => identities.set.notYesOrNo);
  return /^(yes|true|on)$/i.test(text);
}

function readTtl(text: string): number {
  if (/^(default|0)$/i.test(text)) return 0;
  const ttl = parseTtl(text);
  if (typeof ttl === 'function') throw new ControlRefusal(ttl);
  return ttl;
}

function readDelay(text: string): number | null {
  if (/^default$/i.test(text)) return null;
  const delay = /^none$/i.test(text) ? 0 : parseSpan(text);
  if (delay === undefined || delay > MAX_DELAY_SECONDS) throw new ControlRefusal(({ identities }) => identities.set.notADelay);
  return delay;
}

function readDigest(text: string): 'sha1' | 'sha256' {
  const digest = (['sha1', 'sha256'] as const).find((name) => name === text.toLowerCase().replace('-', ''));
  if (digest === undefined) throw new ControlRefusal(({ identities }) => identities.set.notADigest);
  return digest;
}

function readDemand(name: string, text: string): number {
  const demand = Number(text);
  if (!/^\d{1,10}$/.test(text) || demand > MAX_DEMAND)
    throw new ControlRefusal(({ identities }) => identities.set.notADemand(name, MAX_DEMAND));
  return demand;
}
