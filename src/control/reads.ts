/** "reads": says what somebody's program can show, where that was not seen or seen wrongly. */
import { addressOf } from './contact-words.js';
import { ControlRefusal, type Operation } from './operation.js';

export const reads: Operation = {
  name: 'reads',
  help: ({ contacts }) => contacts.reads.help,
  parameters: [
    { name: 'address', place: 'positional', isRequired: true, help: ({ contacts }) => contacts.reads.address },
    { name: 'what', place: 'positional', isRequired: true, help: ({ contacts }) => contacts.reads.what },
  ],
  run({ address: wanted, what }, { readings, contacts }) {
    const address = addressOf(wanted, contacts);
    if (what !== 'plain' && what !== 'extended' && what !== 'unknown') throw new ControlRefusal((words) => words.contacts.reads.isNone);
    readings.tell(address, what === 'unknown' ? null : what);
    return { value: { address, reads: what }, text: `${address}: ${what}` };
  },
};
