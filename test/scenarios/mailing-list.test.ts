/** An address that is made a mailing list by mail, a subscriber and a poster elsewhere: SMTP and IMAP only. */
import assert from 'node:assert/strict';
import { simpleParser } from 'mailparser';
import { type GatewayProcess, rigOfSuite } from '../support/gateway-rig.js';
import { readFolder, untilMail } from '../support/mailbox-watch.js';
import { orderByMail } from '../support/order-by-mail.js';

describe('scenario: a mailing list', function () {
  this.timeout(60_000);
  const rig = rigOfSuite();
  let house: GatewayProcess;
  let reader: GatewayProcess;

  before(async () => {
    house = await rig.start();
    reader = await rig.start([house.asPeer]);
  });

  it('passes a post on to its subscribers, and answers go to the list', async () => {
    assert.match((await orderByMail(rig, house, `list make ${house.address} Garden`)).text, /mailing list "Garden" now/);
    const client = await rig.imap(reader);
    await client.mailboxCreate(`Subscriptions/${house.address}`);
    await reader
      .smtp()
      .sendMail({ from: `${reader.address}@bitmessage`, to: `${house.address}@bitmessage`, subject: 'Re: Samen', text: 'Für alle\n' });
    const post = await simpleParser(
      (await untilMail(client, `Subscriptions/${house.address}`, ({ subject }) => subject === '[Garden] Samen')).source,
    );
    const stamp = /^\w{3}, \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC {3}Message ostensibly from (BM-\w+):\n\nFür alle/;
    assert.equal(stamp.exec(post.text ?? '')?.[1], reader.address);
    assert.equal(post.from?.value[0].address, `${house.address}@bitmessage`);
    assert.equal(post.replyTo?.value[0].address, `${house.address}@bitmessage`);
    assert.equal(post.headers.get('x-bitmessage-original-from'), `${reader.address}@bitmessage`);
    assert.equal((await readFolder(await rig.imap(house), 'INBOX')).filter(({ subject }) => subject === 'Re: Samen').length, 1);
  });

  it('ends, and is an ordinary address again', async () => {
    assert.match((await orderByMail(rig, house, `list end ${house.address}`)).text, /ordinary address again/);
    const inbox = await rig.imap(house);
    await reader.smtp().sendMail({ from: `${reader.address}@bitmessage`, to: `${house.address}@bitmessage`, subject: 'Nur du', text: 'x' });
    await untilMail(inbox, 'INBOX', ({ subject }) => subject === 'Nur du');
    const { outbox } = (await house.ask('status')) as { outbox: { kind: string }[] };
    assert.equal(outbox.filter(({ kind }) => kind === 'broadcast').length, 1);
  });
});
