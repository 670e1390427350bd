/** "reads": says what somebody's program can show, where that was not seen or seen wrongly. */
import { addressOf } from './contact-words.js';
import { ControlRefusal, type Operation } from './operation.js';

export const reads: Operation = {
  name: 'reads',
  help: "Say what somebody's program shows: plain text and images, or any attachment.",
  parameters: [
    { name: 'address', place: 'positional', isRequired: true, help: 'BM-…, or the name of a contact' },
    { name: 'what', place: 'positional', isRequired: true, help: 'plain, extended, or unknown (then it is learnt from what comes)' },
  ],
  run({ address: wanted, what }, { readings, contacts }) {
    const address = addressOf(wanted, contacts);
    if (what !== 'plain' && what !== 'extended' && what !== 'unknown') throw new ControlRefusal('say plain, extended or unknown');
    readings.tell(address, what === 'unknown' ? null : what);
    return { value: { address, reads: what }, text: `${address}: ${what}` };
  },
};
