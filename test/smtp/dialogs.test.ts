/** The dialogs of test/dialogs/smtp, each against a fresh server. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { playDialog } from '../support/dialog.js';
import { LineClient } from '../support/line-client.js';
import { SmtpHouse } from './smtp-house.js';

const DIRECTORY = join('test', 'dialogs', 'smtp');

describe('smtp dialogs', () => {
  for (const file of readdirSync(DIRECTORY).sort()) {
    it(file.replace(/\.txt$/, '').replaceAll('-', ' '), async () => {
      const house = await SmtpHouse.open();
      let latest: LineClient | undefined;
      try {
        await playDialog(join(DIRECTORY, file), {
          // Dialogs about what comes before the login greet and log in themselves, in the order of the alphabet first.
          connect: async () => {
            latest = file.startsWith('0') ? await LineClient.connect(house.port) : await house.loggedIn();
            return latest;
          },
          act: (words) => act(house, latest!, words),
        });
      } finally {
        await house.close();
      }
    });
  }
});

async function act({ house }: SmtpHouse, client: LineClient, [verb, ...rest]: readonly string[]): Promise<void> {
  switch (verb) {
    // holds 2: so many mails are in Outbox.
    case 'holds':
      assert.equal(house.entries('Outbox').length, Number(rest[0]));
      return;
    // queued BM-… 3600: so the newest message goes out.
    case 'queued': {
      const { to, ttlSeconds } = house.node.sent.at(-1)!;
      assert.deepEqual([to, String(ttlSeconds)], rest);
      return;
    }
    // identity BM-…: one more of our own.
    case 'identity':
      house.node.add({ address: rest[0] });
      return;
    case 'tls':
      await client.secure();
      return;
    default:
      throw new Error(`no such act: ${verb}`);
  }
}
