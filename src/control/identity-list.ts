/** "identity list": the addresses that are one's own. */
import type { Identity } from '../bitmessage/node.js';
import type { Operation } from './operation.js';
import { table } from './table.js';
import { isoTime } from './words.js';

export const identityList: Operation = {
  name: 'identity list',
  help: 'List your own addresses.',
  parameters: [],
  run(_, { node }) {
    const identities = node.identities().filter((identity) => !identity.chan);
    return {
      value: { identities: identities.map(identityValue) },
      text: table(identities.map(({ address, label, enabled }) => [address, label, enabled ? '' : '(disabled)'])) || 'no identities yet',
    };
  },
};

export function identityValue({ address, label, enabled, createdAt }: Identity): Record<string, unknown> {
  return { address, label, enabled, createdAt: isoTime(createdAt) };
}
