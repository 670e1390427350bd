/** "chan join", "chan leave" and "chan list": groups whose passphrase is their key. */
import { ControlRefusal, type Group, type Operation } from './operation.js';
import { table } from './table.js';

export const chanJoin: Operation = {
  name: 'chan join',
  help: 'Join a chan; its folder appears under Chans.',
  parameters: [
    { name: 'passphrase', place: 'positional', isRequired: true, help: 'the text that all members share' },
    { name: 'label', place: 'option', isRequired: false, help: 'the name of the folder (otherwise the passphrase)' },
  ],
  async run({ passphrase, label = '' }, { groups }) {
    const chan = await groups.joinChan(passphrase, label);
    return { value: { ...chan }, text: `${chan.address}\nFolder: ${chan.folder}` };
  },
};

export const chanLeave: Operation = {
  name: 'chan leave',
  help: 'Leave a chan.',
  parameters: [{ name: 'chan', place: 'positional', isRequired: true, help: 'its address or the name of its folder' }],
  async run({ chan }, { groups }) {
    const { address, label } = findGroup(groups.chans(), chan, 'chan');
    await groups.leaveChan(address);
    return { value: { address, label }, text: `Left ${label || address}.` };
  },
};

export const chanList: Operation = {
  name: 'chan list',
  help: 'List the chans that you joined.',
  parameters: [],
  run(_, { groups }) {
    const chans = groups.chans();
    return { value: { chans }, text: groupTable(chans) || 'no chans yet' };
  },
};

/** By address, folder or label, in any case if that is still unambiguous. @throws ControlRefusal */
export function findGroup(groups: readonly Group[], wanted: string, kind: string): Group {
  const matches = (fits: (name: string) => boolean): readonly Group[] =>
    groups.filter(({ address, folder, label }) => [address, folder, label].some(fits));
  const exact = matches((name) => name === wanted);
  const found = exact.length > 0 ? exact : matches((name) => name.toLowerCase() === wanted.toLowerCase());
  if (found.length === 0) throw new ControlRefusal(`there is no ${kind} "${wanted}"`);
  if (found.length > 1) throw new ControlRefusal(`"${wanted}" names more than one ${kind}: use the address`);
  return found[0];
}

export function groupTable(groups: readonly Group[]): string {
  return table(groups.map(({ address, folder }) => [address, folder]));
}
