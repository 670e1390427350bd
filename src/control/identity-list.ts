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
      text: table(identities.map((identity) => [identity.address, identity.label, remarks(identity)])) || 'no identities yet',
    };
  },
};

export function identityValue(identity: Identity): Record<string, unknown> {
  const { address, label, enabled, mailingList, ttlSeconds, sendDelaySeconds, signatureDigest, demand, createdAt } = identity;
  return { address, label, enabled, mailingList, ttlSeconds, sendDelaySeconds, signatureDigest, ...demand, createdAt: isoTime(createdAt) };
}

/** What is not as usual. */
function remarks({ enabled, mailingList }: Identity): string {
  return [enabled ? '' : '(disabled)', mailingList === null ? '' : `(mailing list "${mailingList}")`]
    .filter((remark) => remark !== '')
    .join(' ');
}
