/** "list make" and "list end": an identity of one's own that passes on what it receives to all who subscribe to it. */
import { findIdentity } from './identity-find.js';
import { ControlRefusal, type Operation } from './operation.js';

/** It stands before every subject, and a subject has 500 bytes. */
const MAX_NAME_CHARACTERS = 60;

export const listMake: Operation = {
  name: 'list make',
  help: 'Broadcast what one of your addresses receives to its subscribers.',
  parameters: [
    { name: 'address', place: 'positional', isRequired: true, help: 'the address, or its label' },
    { name: 'name', place: 'positional', isRequired: true, help: 'stands before each subject, as [name]' },
  ],
  run({ address, name }, { node }) {
    const identity = findIdentity(node, address);
    const mailingList = name.trim();
    if (mailingList.length > MAX_NAME_CHARACTERS || /[\p{Cc}[\]]/u.test(mailingList)) {
      throw new ControlRefusal(`a list's name has at most ${MAX_NAME_CHARACTERS} characters, and no brackets`);
    }
    node.updateIdentity(identity.address, { mailingList });
    const text = `${identity.address} is the mailing list "${mailingList}" now. People subscribe to that address to read, and write to it to post.`;
    return { value: { address: identity.address, mailingList }, text };
  },
};

export const listEnd: Operation = {
  name: 'list end',
  help: 'End a mailing list; the address stays yours.',
  parameters: [{ name: 'address', place: 'positional', isRequired: true, help: "the list's address, or its label" }],
  run({ address: wanted }, { node }) {
    const { address, mailingList } = findIdentity(node, wanted);
    if (mailingList === null) throw new ControlRefusal(`${address} is no mailing list`);
    node.updateIdentity(address, { mailingList: null });
    return { value: { address, mailingList: null }, text: `${address} is an ordinary address again.` };
  },
};
