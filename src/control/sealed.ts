/** What can be ordered while the mail itself is locked: to unlock it, to say how things are, and a page to log in on. */
import { unlock } from './encryption.js';
import { lockedText } from './keys.js';
import { type Answer, ControlRefusal, type ControlRooms, type Operation } from './operation.js';
import { page } from './page.js';
import { mailText, status } from './status.js';

/** What is there before the house is open. */
export type EntranceRooms = Pick<ControlRooms, 'mail' | 'custody' | 'password' | 'premises' | 'openPage' | 'words'>;

export interface LockedHouse {
  readonly isOpen: boolean;
  /** @throws Refusal in words for the person */
  open(): Promise<void>;
}

/** The same operations, of which most are refused until the house is open; the others then ask for no more than the entrance has. */
export function whileSealed(operations: readonly Operation[], house: LockedHouse): readonly Operation[] {
  return operations.map((operation) => ({
    ...operation,
    run: (values, rooms, progress) => {
      if (house.isOpen || operation === page) return operation.run(values, rooms, progress);
      if (operation === status) return sealedStatus(rooms);
      if (operation === unlock) return unlockAndOpen(values, rooms, house);
      throw new ControlRefusal(({ keys }) => keys.mail.lockedRefusal);
    },
  }));
}

async function unlockAndOpen(values: Parameters<Operation['run']>[0], rooms: ControlRooms, house: LockedHouse): Promise<Answer> {
  const answer = await unlock.run(values, rooms);
  await house.open();
  return answer;
}

function sealedStatus({ mail, custody, words }: EntranceRooms): Answer {
  const { sections } = words.status;
  const told: [string, string][] = [
    [sections.mailProgram, mailText(words, mail)],
    // Unlocked and not open: it was tried, and the log has why.
    [sections.keys, lockedText(words, custody) || words.keys.mail.notOpened],
  ];
  return {
    value: { mail, keys: custody.state, mailIsSealed: true },
    text: told.map(([title, text]) => `${title}\n${text.replace(/^/gm, '  ')}`).join('\n'),
  };
}
