/** "chan set": how much of a chan lies in its folder before the rest goes to Junk. */
import { findGroup } from './group-names.js';
import { ControlRefusal, type Operation } from './operation.js';

/** As in the settings: whoever wants more wants none. */
const MAX_POSTS_PER_DAY = 1_000_000;
/** All that a message can have. */
const MAX_POST_BYTES = 262_144;

export const chanSet: Operation = {
  name: 'chan set',
  help: 'Change what a chan may bring; what is beyond goes to Junk.',
  parameters: [
    { name: 'chan', place: 'positional', isRequired: true, help: 'its address or the name of its folder' },
    { name: 'posts-per-day', place: 'option', isRequired: false, help: 'a number; 0 for no limit; "default" for that of the settings' },
    { name: 'post-bytes', place: 'option', isRequired: false, help: 'the largest post, or "default"' },
  ],
  run({ chan, 'posts-per-day': posts, 'post-bytes': bytes }, { groups, chanLimits }) {
    const { address, label } = findGroup(groups.chans(), chan, 'chan');
    chanLimits.set(address, {
      ...(posts === undefined ? {} : { postsPerDay: readLimit('posts-per-day', posts, 0, MAX_POSTS_PER_DAY) }),
      ...(bytes === undefined ? {} : { postBytes: readLimit('post-bytes', bytes, 1, MAX_POST_BYTES) }),
    });
    const limits = chanLimits.of(address);
    const count = limits.postsPerDay === 0 ? 'any number of posts' : `${limits.postsPerDay} posts`;
    return { value: { address, label, ...limits }, text: `${label}: ${count} a day, of ${limits.postBytes} bytes at most.` };
  },
};

/** Null: as in the settings. @throws ControlRefusal */
function readLimit(name: string, text: string, least: number, most: number): number | null {
  if (/^default$/i.test(text)) return null;
  const limit = Number(text);
  if (!/^\d{1,7}$/.test(text) || limit < least || limit > most) {
    throw new ControlRefusal(`${name} is a whole number from ${least} to ${most}, or "default"`);
  }
  return limit;
}
