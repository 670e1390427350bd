/** Chans and subscriptions by their folders: joined, named, left and taken back, with a mail program and nothing else. */
import assert from 'node:assert/strict';
import type { ImapFlow } from 'imapflow';
import { simpleParser } from 'mailparser';
import { explainFailure, type GatewayProcess, Rig } from '../support/gateway-rig.js';
import { readFolder, untilFolder, untilMail } from '../support/mailbox-watch.js';
import { orderByMail } from '../support/order-by-mail.js';

describe('scenario: groups', function () {
  this.timeout(60_000);
  const rig = new Rig();
  let alice: GatewayProcess;
  let bob: GatewayProcess;
  let client: ImapFlow;

  before(async () => {
    bob = await rig.start();
    alice = await rig.start([bob.asPeer]);
    client = await rig.imap(alice);
  });
  afterEach(function () {
    explainFailure(rig, this.currentTest);
  });
  after(() => rig.end());

  const paths = async (): Promise<string[]> => (await client.list()).map(({ path }) => path);
  /** The address that a folder stands for. */
  const addressOf = async (gateway: GatewayProcess, folder: string, order = 'chans'): Promise<string> => {
    const { text } = await orderByMail(rig, gateway, order);
    const line = text.split('\n').find((row) => row.trimEnd().endsWith(`  ${folder.trimEnd()}`));
    return /BM-\w+/.exec(line ?? '')?.[0] ?? assert.fail(`${folder} in\n${text}`);
  };
  const post = (gateway: GatewayProcess, to: string, subject: string, from = gateway.address): Promise<{ response?: string }> =>
    gateway.smtp().sendMail({ from: `${from}@bitmessage`, to: `${to}@bitmessage`, subject, text: 'x' });
  /** Asserts that the server refuses with that code and says why. */
  const refused = (work: Promise<unknown>, code: string, why: RegExp): Promise<void> =>
    assert.rejects(work, (error: { serverResponseCode?: string; responseText?: string }) => {
      assert.equal(error.serverResponseCode, code);
      assert.match(error.responseText ?? '', why);
      return true;
    });

  describe('a chan', () => {
    for (const [passphrase, why] of [
      ['Größe & Maß', 'with umlauts and a sign that modified UTF-7 escapes'],
      ['日本語のパスフレーズ', 'in Japanese'],
      [' between blanks ', 'with blanks around it'],
      ['Case', 'with a capital letter'],
      ['case', 'without it'],
    ])
      it(`is the same for both who make the folder ${why}`, async () => {
        const other = await rig.imap(bob);
        for (const each of [client, other]) assert.equal((await each.mailboxCreate(`Chans/${passphrase}`)).created, true);
        const address = await addressOf(alice, `Chans/${passphrase}`);
        await post(alice, address, 'An alle', address);
        await untilMail(other, `Chans/${passphrase}`, ({ subject }) => subject === 'An alle');
      });

    it('is the same however a letter is put together', async () => {
      await client.mailboxCreate('Chans/Caf\u00e9');
      assert.equal((await client.mailboxCreate('Chans/Cafe\u0301')).created, false);
      await client.mailboxDelete('Chans/Caf\u00e9');
    });

    it('is another one for every spelling, blank and case', async () => {
      const { text } = await orderByMail(rig, alice, 'chans');
      const addresses = text.match(/BM-\w+/g) ?? [];
      assert.deepEqual([addresses.length, new Set(addresses).size], [5, 5]);
      // test/vectors/deterministic.json, made with PyBitmessage.
      await client.mailboxCreate('Chans/bitmessage');
      assert.equal(await addressOf(alice, 'Chans/bitmessage'), 'BM-2cWy7cvHoq3f1rYMerRJp8PT653jjSuEdY');
    });

    for (const [path, code, why] of [
      ['Chans/one/two', 'CANNOT', /directly under Chans/],
      ['Chans/Case/below', 'CANNOT', /directly under Chans/],
      ['chans', 'CANNOT', /Write Chans, with a capital letter/],
      ['CHANS/x', 'CANNOT', /Write Chans, with a capital letter/],
      [`Chans/${'x'.repeat(256)}`, 'CANNOT', /at most 255 bytes/],
    ] as const)
      it(`is none at ${path.slice(0, 20)}, and the answer says why`, () => refused(client.mailboxCreate(path), code, why));

    it('lies beside a parent that is there for every program that wants to make it', async () => {
      for (const path of ['Chans', 'Chans/', 'Subscriptions', 'Chans/Case'])
        assert.equal((await client.mailboxCreate(path)).created, false, path);
    });

    it('has another name once it is renamed, and the old one again', async () => {
      const address = await addressOf(alice, 'Chans/Case');
      await client.mailboxRename('Chans/Case', 'Chans/Unter uns');
      await post(bob, address, 'Unter neuem Namen');
      await untilMail(client, 'Chans/Unter uns', ({ subject }) => subject === 'Unter neuem Namen');
      await refused(client.mailboxRename('Chans/Unter uns', 'Archive/Unter uns'), 'CANNOT', /stays directly under Chans/);
      await client.mailboxCreate('Ordner');
      await refused(client.mailboxRename('Ordner', 'Chans/Ordner'), 'CANNOT', /to join one, create a folder there/);
      await client.mailboxRename('Chans/Unter uns', 'Chans/Case');
      assert.equal(await addressOf(alice, 'Chans/Case'), address);
      await untilMail(client, 'Chans/Case', ({ subject }) => subject === 'Unter neuem Namen');
    });

    it('is left by deleting its folder, and joined again by moving it back, with what was in it and what came since', async () => {
      const address = await addressOf(alice, 'Chans/Case');
      await client.mailboxDelete('Chans/Case');
      assert.ok((await paths()).includes('Trash/Case'));
      assert.doesNotMatch((await orderByMail(rig, alice, 'chans')).text, new RegExp(address));
      await post(bob, address, 'In Abwesenheit');
      await bob.untilOutbox(({ recipient, state }) => recipient === address && state === 'sent');
      await client.mailboxRename('Trash/Case', 'Chans/Case');
      const mails = await untilFolder(client, 'Chans/Case', (seen) => seen.some(({ subject }) => subject === 'In Abwesenheit'));
      assert.equal(mails.filter(({ subject }) => subject === 'Unter neuem Namen').length, 1);
    });

    it('is left by moving its folder to Trash, forgotten by deleting it there, and found again on the network', async () => {
      await client.mailboxRename('Chans/Case', 'Trash/Weg damit');
      await client.mailboxDelete('Trash/Weg damit');
      assert.ok(!(await paths()).some((path) => /Weg damit|Chans\/Case/.test(path)));
      await client.mailboxCreate('Chans/Case');
      // The client is served while the inventory is looked through.
      await client.noop();
      await untilMail(client, 'Chans/Case', ({ subject }) => subject === 'In Abwesenheit');
    });

    it('is left by one click on the list button, and joined again by making it', async () => {
      const address = await addressOf(alice, 'Chans/Case');
      const { source } = await untilMail(client, 'Chans/Case', ({ subject }) => subject === 'In Abwesenheit');
      const headers = (await simpleParser(source)).headerLines.map(({ line }) => line.replace(/\r?\n/g, ''));
      for (const header of [`List-Post: <mailto:${address}@bitmessage>`, `List-Unsubscribe: <mailto:${address}+unsubscribe@bitmessage>`])
        assert.ok(headers.includes(header), headers.join('\n'));
      assert.ok(headers.some((line) => line.startsWith('List-ID: ')));
      // As Apple Mail writes it.
      const text = 'Apple Mail sent this email to unsubscribe from the message “In Abwesenheit”.';
      const mail = { from: `${alice.address}@bitmessage`, to: `${address}+unsubscribe@bitmessage`, subject: '', text };
      assert.match((await alice.smtp().sendMail(mail)).response ?? '', /^250 2\.0\.0 left BM-/);
      assert.ok((await paths()).includes('Trash/Case'));
      assert.deepEqual(
        (await readFolder(client, 'Outbox')).length + (await readFolder(client, 'Sent')).filter((m) => m.subject === '').length,
        0,
      );
      await client.mailboxCreate('Chans/Case');
      assert.ok(!(await paths()).includes('Trash/Case'));
      await untilMail(client, 'Chans/Case', ({ subject }) => subject === 'In Abwesenheit');
    });

    it('takes as many posts as are wanted of it; the others lie in Junk', async () => {
      const address = await addressOf(alice, 'Chans/Case');
      assert.match((await orderByMail(rig, alice, 'chan set Case --post-bytes 300')).text, /Case: 500 posts a day, of 300 bytes/);
      const text = 'lang '.repeat(100);
      await bob.smtp().sendMail({ from: `${bob.address}@bitmessage`, to: `${address}@bitmessage`, subject: 'Zu lang', text });
      const { flags } = await untilMail(client, 'Junk', ({ subject }) => subject === 'Zu lang');
      assert.ok(flags.has('$Junk'));
      const set = await orderByMail(rig, alice, 'chan set Case --posts-per-day 1 --post-bytes default');
      assert.match(set.text, /Case: 1 post a day, of 262144 bytes/);
      await post(bob, address, 'Einer zu viel');
      await untilMail(client, 'Junk', ({ subject }) => subject === 'Einer zu viel');
      assert.match((await orderByMail(rig, alice, 'chan set Case --posts-per-day many')).text, /Not done: posts-per-day is a whole number/);
    });
  });

  describe('a subscription', () => {
    const broadcast = (subject: string): Promise<unknown> => post(bob, 'broadcast', subject);

    it('has what was said before, once its folder is made', async () => {
      await broadcast('Früher');
      await bob.untilOutbox(({ recipient, state }) => recipient === bob.address && state === 'sent');
      await client.mailboxCreate(`Subscriptions/${bob.address}`);
      const mail = await untilMail(client, `Subscriptions/${bob.address}`, ({ subject }) => subject === 'Früher');
      const source = mail.source.replace(/\r\n /g, ' ');
      assert.match(source, new RegExp(`^List-Unsubscribe: <mailto:${bob.address}\\+unsubscribe@bitmessage>\\r$`, 'm'));
      assert.match(source, /^List-Post: NO\r$/m);
    });

    it('goes on under another name, and in Trash no more', async () => {
      await client.mailboxRename(`Subscriptions/${bob.address}`, 'Subscriptions/Bob');
      await broadcast('Unter neuem Namen');
      await untilMail(client, 'Subscriptions/Bob', ({ subject }) => subject === 'Unter neuem Namen');
      await client.mailboxDelete('Subscriptions/Bob');
      assert.ok((await paths()).includes('Trash/Bob'));
      assert.doesNotMatch((await orderByMail(rig, alice, 'subscriptions')).text, new RegExp(bob.address));
    });

    it('is taken back with its name', async () => {
      await client.mailboxRename('Trash/Bob', 'Subscriptions/Bob');
      assert.equal(await addressOf(alice, 'Subscriptions/Bob', 'subscriptions'), bob.address);
      await broadcast('Wieder da');
      await untilMail(client, 'Subscriptions/Bob', ({ subject }) => subject === 'Wieder da');
    });

    it('is there once, in whatever form its address is written', async () => {
      for (const form of [bob.address, bob.address.toLowerCase(), `${bob.address}@bitmessage`]) {
        const made = await client.mailboxCreate(`Subscriptions/${form}`);
        assert.equal(made.created, false, form);
      }
    });

    for (const [path, why] of [
      ['Subscriptions/nobody', /no Bitmessage address/],
      ['Subscriptions/BM-2cTestTestTestTestTestTestTestTestTest', /is mistyped or cut/],
      ['Subscriptions/a/b', /directly under Subscriptions/],
    ] as const)
      it(`is none at ${path.slice(0, 30)}, and the answer says why`, () => refused(client.mailboxCreate(path), 'CANNOT', why));
  });
});
