/** What cannot be done while the private keys are locked. */
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

/** What to do about it, as a sentence; '' while they are not locked. @param command how the command line is called */
export function lockedText({ state, opensByLogin }: Pick<KeyCustody, 'state' | 'opensByLogin'>, command = 'postern'): string {
  if (state !== 'locked') return '';
  return `Your keys are locked: nothing is read or sent before "${command} unlock"${opensByLogin ? ', or before a mail program logs in' : ''}.`;
}

/** @throws ControlRefusal */
export function requireKeys({ custody }: Pick<ControlRooms, 'custody'>): void {
  if (custody.state === 'locked') throw new ControlRefusal('your keys are locked: "postern unlock" first');
}
