/** "list make" and "list end": an identity of one's own that passes on what it receives to all who subscribe to it. */
import { findIdentity } from './identity-find.js';
import { ControlRefusal, type Operation } from './operation.js';

/** It stands before every subject, and a subject has 500 bytes. */
const MAX_NAME_CHARACTERS = 60;

export const listMake: Operation = {
  name: 'list make',
  help: ({ groups }) => groups.listMake.help,
  parameters: [
    { name: 'address', place: 'positional', isRequired: true, help: ({ groups }) => groups.listMake.address },
    { name: 'name', place: 'positional', isRequired: true, help: ({ groups }) => groups.listMake.name },
  ],
  run({ address, name }, { node, words }) {
    const identity = findIdentity(node, address);
    const mailingList = name.trim();
    if (mailingList.length > MAX_NAME_CHARACTERS || /[\p{Cc}[\]]/u.test(mailingList)) {
      throw new ControlRefusal(({ groups }) => groups.listMake.badName(MAX_NAME_CHARACTERS));
    }
    node.updateIdentity(identity.address, { mailingList });
    const text = words.groups.listMake.done(identity.address, mailingList);
    return { value: { address: identity.address, mailingList }, text };
  },
};

export const listEnd: Operation = {
  name: 'list end',
  help: ({ groups }) => groups.listEnd.help,
  parameters: [{ name: 'address', place: 'positional', isRequired: true, help: ({ groups }) => groups.listEnd.address }],
  run({ address: wanted }, { node, words }) {
    const { address, mailingList } = findIdentity(node, wanted);
    if (mailingList === null) throw new ControlRefusal(({ groups }) => groups.listEnd.isNone(address));
    node.updateIdentity(address, { mailingList: null });
    return { value: { address, mailingList: null }, text: words.groups.listEnd.done(address) };
  },
};
