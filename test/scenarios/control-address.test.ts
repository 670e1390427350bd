/** A gateway that is told what to do by mail alone. */
import assert from 'node:assert/strict';
import { simpleParser } from 'mailparser';
import { type GatewayProcess, rigOfSuite } from '../support/gateway-rig.js';
import { readFolder, untilMail } from '../support/mailbox-watch.js';
import { orderByMail } from '../support/order-by-mail.js';

describe('scenario: the control address', function () {
  this.timeout(60_000);
  const rig = rigOfSuite();
  let gateway: GatewayProcess;

  before(async () => {
    gateway = await rig.start();
  });

  it('is what the welcome mail points at', async () => {
    const client = await rig.imap(gateway);
    const welcome = await untilMail(client, 'INBOX', ({ subject }) => subject.startsWith('Welcome'));
    const text = (await simpleParser(welcome.source)).text ?? '';
    const subjects = [...text.matchAll(/mailto:control@bitmessage\?subject=([^\s>]+)/g)].map(([, subject]) => decodeURIComponent(subject));
    assert.deepEqual(subjects, ['help', 'status', 'join general', 'new identity Work']);
    assert.match((await orderByMail(rig, gateway, subjects[0])).text, /What can be asked for/);
  });

  it('joins, makes, subscribes and tells, in one threaded answer', async () => {
    const client = await rig.imap(gateway);
    const {
      text: answer,
      mail,
      messageId,
    } = await orderByMail(rig, gateway, 'join Tür und Tor', `new identity Work\nsubscribe ${gateway.address} --label Myself\nstatus`);
    assert.equal(mail.inReplyTo, messageId);
    assert.equal(mail.from?.value[0].address, 'control@bitmessage');
    assert.match(answer, /Folder: Chans\/Tür und Tor/);
    const [work] = /BM-\w+(?=\n\n> subscribe)/.exec(answer) ?? assert.fail(answer);
    assert.match(answer, new RegExp(`Identities\\n.*\\n {2}${work} {2}Work`));
    const paths = (await client.list()).map(({ path }) => path);
    for (const path of ['Chans/Tür und Tor', 'Subscriptions/Myself']) assert.ok(paths.includes(path), path);
    assert.ok(await rig.imap(gateway, `${work}@bitmessage`), 'the new identity can log in');
    for (const path of ['Outbox', 'Sent']) assert.deepEqual(await readFolder(client, path), []);
    assert.deepEqual((await gateway.ask('status')).outbox, []);
  });

  it('answers what cannot be done in words, and leaves again', async () => {
    const { text: answer } = await orderByMail(rig, gateway, 'leave nowhere', 'leave Tür und Tor');
    assert.match(answer, /Not done: there is no chan "nowhere"\./);
    assert.match(answer, /Left Tür und Tor\./);
    assert.ok((await (await rig.imap(gateway)).list()).some(({ path }) => path === 'Trash/Tür und Tor'));
  });
});
