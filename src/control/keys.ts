/** What cannot be done while the private keys are locked. */
import { ControlRefusal, type ControlRooms, type Operation } from './operation.js';

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

/** @throws ControlRefusal */
export function requireKeys({ custody }: Pick<ControlRooms, 'custody'>): void {
  if (custody.state === 'locked') throw new ControlRefusal('your keys are locked: "postern unlock" first');
}
