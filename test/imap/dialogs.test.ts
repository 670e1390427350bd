/** The dialogs of test/dialogs/imap, each against a fresh server. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describeMessage } from '../../src/mime/describe.js';
import { playDialog } from '../support/dialog.js';
import { IDENTITY, type ImapHouse, openImapHouse } from '../support/imap-house.js';

const DIRECTORY = join('test', 'dialogs', 'imap');

describe('imap dialogs', () => {
  for (const file of readdirSync(DIRECTORY).sort()) {
    it(file.replace(/\.txt$/, '').replaceAll('-', ' '), async () => {
      const house = await openImapHouse(describeMessage);
      try {
        await playDialog(join(DIRECTORY, file), {
          // Dialogs about what comes before the login log in themselves, in the order of the alphabet first.
          connect: (number) => (file.startsWith('0') ? house.greeted() : house.loggedIn(number === '9' ? IDENTITY : undefined)),
          act: (words) => act(house, words),
        });
      } finally {
        await house.stop();
      }
    });
  }
});

function act({ mailboxes }: ImapHouse, [verb, path, ...rest]: readonly string[]): void {
  const mailbox = mailboxes.find(path);
  switch (verb) {
    // arrive INBOX [identity]: a mail comes in from outside.
    case 'arrive': {
      const raw = Buffer.from('From: a@b.example\r\nSubject: news\r\n\r\nHello\r\n');
      mailboxes.append(mailbox!.id, [{ raw, flags: [], internalDate: 1_700_000_000, identity: rest[0] ?? '' }]);
      return;
    }
    // mail INBOX date|from|to|subject|message-id|references
    case 'mail': {
      const [date, from, to, subject, id, references] = rest.join(' ').split('|');
      const header = `Date: ${date}\r\nFrom: ${from}\r\nTo: ${to}\r\nSubject: ${subject}\r\nMessage-ID: ${id}\r\nReferences: ${references}\r\n`;
      mailboxes.append(mailbox!.id, [{ raw: Buffer.from(`${header}\r\ntext\r\n`), flags: [], internalDate: 1_700_000_000, identity: '' }]);
      return;
    }
    case 'create':
      mailboxes.create(path, { specialUse: rest[0] ?? null });
      return;
    case 'remove':
      mailboxes.remove(path);
      return;
    default:
      throw new Error(`no such act: ${verb}`);
  }
}
