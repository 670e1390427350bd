/** Two gateways whose mail is worth a picture: a conversation, a chan, a subscription, something on its way. */
import type { GatewayProcess, Rig } from '../support/gateway-rig.js';
import { untilMail } from '../support/mailbox-watch.js';

/** A well-formed address whose key nobody has: a mail to it waits. */
const NOBODY = 'BM-2cWy7cvHoq3f1rYMerRJp8PT653jjSuEdY';

/** Answers the gateway to be shown; the other one is its only peer. */
export async function furnish(rig: Rig, settings: readonly string[] = []): Promise<GatewayProcess> {
  const alice = await rig.start(settings);
  const bob = await rig.start([alice.asPeer]);
  await alice.ask('contact add', { address: bob.address, name: 'Bob Müller' });
  const { address: chan } = (await alice.ask('chan join', { passphrase: 'gardening' })) as { address: string };
  await bob.ask('chan join', { passphrase: 'gardening' });
  await alice.ask('identity new', { label: 'Work' });
  await alice.ask('subscribe', { address: bob.address, label: 'Garden news' });
  const post = (gateway: GatewayProcess, to: string, subject: string, text: string): Promise<unknown> =>
    gateway.smtp().sendMail({ from: `${gateway.address}@bitmessage`, to: `${to}@bitmessage`, subject, text });
  await post(alice, bob.address, 'Hello Bob', 'My first Bitmessage. Did it arrive?\n');
  await post(bob, alice.address, 'Grüße aus Köln', GREETING);
  await post(bob, alice.address, 'The photos', 'They are in the garden, as promised.\n\nBob\n');
  await post(bob, chan, 'Tomatoes in a cold summer?', 'Mine are still green. What do you do with them?\n');
  await post(bob, 'broadcast', 'Garden news, number 1', 'Dear readers,\n\neverybody who has the folder gets this.\n');
  await post(alice, NOBODY, 'To somebody who is away', 'Waits for the key.\n');
  const client = await rig.imap(alice);
  await untilMail(client, 'INBOX', ({ subject }) => subject === 'The photos');
  await untilMail(client, 'Chans/gardening', () => true);
  await untilMail(client, 'Subscriptions/Garden news', () => true);
  await untilMail(client, 'Sent', ({ flags }) => flags.has('$Delivered'));
  return alice;
}

const GREETING = `Hello Alice,

this message crossed the Bitmessage network to get here:
no server of anybody else has seen it.

Schöne Grüße
Bob
`;
