/** "identity list": the addresses that are one's own. */
import type { Identity } from '../bitmessage/node.js';
import { UNDO_SECONDS } from '../mapping/caretaker.js';
import type { Words } from '../words/words.js';
import type { Operation } from './operation.js';
import { table } from './table.js';
import { isoTime } from './words.js';

export const identityList: Operation = {
  name: 'identity list',
  help: ({ identities }) => identities.list.help,
  parameters: [],
  run(_, { node, words }) {
    const identities = node.identities().filter((identity) => !identity.chan);
    const deleted = node.deletedIdentities();
    const rows = [
      ...identities.map((identity) => [identity.address, identity.label, remarks(identity, words)]),
      ...deleted.map(({ address, label, deletedAt }) => [address, label, words.identities.list.deleted(deletedAt + UNDO_SECONDS)]),
    ];
    return {
      value: {
        identities: identities.map(identityValue),
        deleted: deleted.map(({ address, label, deletedAt }) => ({ address, label, deletedAt: isoTime(deletedAt) })),
      },
      text: table(rows) || words.identities.noneYet,
    };
  },
};

export function identityValue(identity: Identity): Record<string, unknown> {
  const { address, label, enabled, mailingList, ttlSeconds, sendDelaySeconds, signatureDigest, demand, createdAt } = identity;
  return { address, label, enabled, mailingList, ttlSeconds, sendDelaySeconds, signatureDigest, ...demand, createdAt: isoTime(createdAt) };
}

/** What is not as usual. */
function remarks({ enabled, mailingList }: Identity, { identities: { list } }: Words): string {
  return [enabled ? '' : list.disabled, mailingList === null ? '' : list.mailingList(mailingList)]
    .filter((remark) => remark !== '')
    .join(' ');
}
