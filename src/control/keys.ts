/** What cannot be done while the private keys are locked. */

import type { Words } from '../words/words.js';
import { ControlRefusal, type ControlRooms, type KeyCustody, type Operation } from './operation.js';

/** An operation that reads or keeps private keys. */
export function withKeys(operation: Operation): Operation {
  return {
    ...operation,
    run: async (values, rooms, progress) => {
      requireKeys(rooms);
      return operation.run(values, rooms, progress);
    },
  };
}

/** What to do about it, as a sentence; '' while they are not locked. */
export function lockedText({ keys }: Words, custody: Pick<KeyCustody, 'state' | 'opensByLogin' | 'isMailSealed'>): string {
  if (custody.state !== 'locked') return '';
  const { locked, lockedUntilLogin } = custody.isMailSealed ? keys.mail : keys;
  return custody.opensByLogin ? lockedUntilLogin : locked;
}

/** @throws ControlRefusal */
export function requireKeys({ custody }: Pick<ControlRooms, 'custody'>): void {
  if (custody.state === 'locked') throw new ControlRefusal(({ keys }) => keys.lockedRefusal);
}
