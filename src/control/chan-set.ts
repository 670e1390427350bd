/** "chan set": how much of a chan lies in its folder before the rest goes to Junk. */
import { findChan } from './group-names.js';
import { ControlRefusal, type Operation } from './operation.js';

/** As in the settings: whoever wants more wants none. */
const MAX_POSTS_PER_DAY = 1_000_000;
/** All that a message can have. */
const MAX_POST_BYTES = 262_144;

export const chanSet: Operation = {
  name: 'chan set',
  help: ({ groups }) => groups.chanSet.help,
  parameters: [
    { name: 'chan', place: 'positional', isRequired: true, help: ({ groups }) => groups.chanSet.chan },
    { name: 'posts-per-day', place: 'option', isRequired: false, help: ({ groups }) => groups.chanSet.posts },
    { name: 'post-bytes', place: 'option', isRequired: false, help: ({ groups }) => groups.chanSet.bytes },
  ],
  run({ chan, 'posts-per-day': posts, 'post-bytes': bytes }, { groups, chanLimits, words }) {
    const { address, label } = findChan(groups, chan);
    chanLimits.set(address, {
      ...(posts === undefined ? {} : { postsPerDay: readLimit('posts-per-day', posts, 0, MAX_POSTS_PER_DAY) }),
      ...(bytes === undefined ? {} : { postBytes: readLimit('post-bytes', bytes, 1, MAX_POST_BYTES) }),
    });
    const limits = chanLimits.of(address);
    const { anyNumber, limited } = words.groups.chanSet;
    const text = limits.postsPerDay === 0 ? anyNumber(label, limits.postBytes) : limited(label, limits.postsPerDay, limits.postBytes);
    return { value: { address, label, ...limits }, text };
  },
};

/** Null: as in the settings. @throws ControlRefusal */
function readLimit(name: string, text: string, least: number, most: number): number | null {
  if (/^default$/i.test(text)) return null;
  const limit = Number(text);
  if (!/^\d{1,7}$/.test(text) || limit < least || limit > most) {
    throw new ControlRefusal(({ groups }) => groups.chanSet.notALimit(name, least, most));
  }
  return limit;
}
