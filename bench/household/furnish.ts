/** The household of the benchmark: identities, chans, subscriptions, and mails in their folders. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../src/base/clock.js';
import { describeMessage } from '../../src/mime/describe.js';
import { Database } from '../../src/store/database.js';
import { SqliteMailboxes } from '../../src/store/mail/mailboxes.js';
import { GatewayProcess } from '../../test/support/gateway-rig.js';
import { message } from '../imap/messages.js';

export interface Household {
  readonly identities: number;
  readonly chans: number;
  readonly subscriptions: number;
  readonly mails: number;
}

const AT_ONCE = 500;
/** Of so many mails one lies in a chan, and one in Sent; the others lie in INBOX. */
const [ONE_IN_CHANS, ONE_IN_SENT] = [5, 4];

/** Makes the household, unless it is there. @param scratch where other people may live meanwhile */
export async function furnish(directory: string, scratch: string, wanted: Household): Promise<void> {
  const mark = join(directory, 'furnished');
  if (existsSync(mark)) return;
  const gateway = await GatewayProcess.start(directory);
  for (let made = 1; made < wanted.identities; made++) await gateway.ask('identity new', { label: `Identity ${made}` });
  for (let made = 0; made < wanted.chans; made++) await gateway.ask('chan join', { passphrase: `bench chan ${made}` });
  const stranger = await GatewayProcess.start(join(scratch, 'stranger'));
  for (let made = 0; made < wanted.subscriptions; made++) {
    const { address } = (await stranger.ask('identity new', { label: `Stranger ${made}` })) as { address: string };
    await gateway.ask('subscribe', { address });
  }
  await stranger.end('SIGTERM');
  const { identities } = (await gateway.ask('identity list')) as { identities: { address: string }[] };
  await gateway.end('SIGTERM');
  fill(
    join(directory, 'postern.sqlite'),
    identities.map(({ address }) => address),
    wanted.mails,
  );
  writeFileSync(mark, '');
}

function fill(path: string, addresses: readonly string[], count: number): void {
  const database = new Database(path);
  const mailboxes = new SqliteMailboxes(database, describeMessage, systemClock);
  const chans = mailboxes.list().filter(({ path }) => path.startsWith('Chans/'));
  const inbox = mailboxes.find('INBOX')!;
  const sent = mailboxes.find('Sent')!;
  for (let from = 0, batch = 0; from < count; from += AT_ONCE, batch++) {
    const folder = batch % ONE_IN_CHANS === 0 ? (chans[batch % chans.length] ?? inbox) : batch % ONE_IN_SENT === 0 ? sent : inbox;
    const entries = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, at) => ({
      raw: message(from + at),
      flags: (from + at) % 7 === 0 ? [] : ['\\Seen'],
      internalDate: systemClock.now() - (count - from - at) * 60,
      identity: folder === inbox || folder === sent ? addresses[(from + at) % addresses.length]! : '',
    }));
    mailboxes.append(folder.id, entries);
  }
  database.close();
}
