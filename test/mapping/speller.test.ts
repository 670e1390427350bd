import assert from 'node:assert/strict';
import { ALICE, BOB, House, shortAddress } from './house.js';

const STRANGER = shortAddress('stranger');
const OTHER = shortAddress('other');
const TEXT = STRANGER.slice(3).toLowerCase();
const LOWERED = `bm-${TEXT}@bitmessage`;
const MAIL = `From: ${ALICE}@bitmessage\nSubject: small letters\nMessage-ID: <small@client>\n\nhello\n`;

describe('mail to an address without its capital letters', () => {
  let house: House;
  /** Ends the search of that text; what it finds. */
  let searches: Map<string, { signal: AbortSignal; progress: (done: number) => void; end: (found: string[]) => void }>;
  const flags = (path: string): string[][] => house.entries(path).map((entry) => [...entry.flags].sort());
  const sentTo = (): string[] => house.node.sent.map(({ to }) => to);
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
  };
  const endSearch = async (found: string[], text = TEXT): Promise<void> => {
    searches.get(text)?.end(found);
    await settle();
  };

  const open = async (): Promise<void> => {
    house = await House.open();
    searches = new Map();
    house.node.findSpellings = (text, { signal, onProgress }) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')), { once: true });
        searches.set(text, { signal, progress: (done) => onProgress?.(done), end: resolve });
      });
  };
  beforeEach(open);
  afterEach(() => house.close());

  it('is accepted, and waits in Outbox', async () => {
    const { submission, scheduled } = house.mapping;
    assert.match(await submission.checkRecipient({ user: 'me', identity: null }, LOWERED), /waits in Outbox until they are found/);
    assert.equal(await house.submit(LOWERED, MAIL), `held in Outbox: finding the right spelling of ${TEXT}`);
    await settle();
    assert.deepEqual([flags('Outbox'), sentTo()], [[['$SubmitPending', '\\Seen']], []]);
    searches.get(TEXT)?.progress(0.4);
    assert.deepEqual(
      scheduled.list().map(({ waitsFor }) => waitsFor),
      [{ lowered: TEXT, progress: 0.4 }],
    );
  });

  it('is sent when the one address is found, and the sender told', async () => {
    await house.submit(LOWERED, MAIL);
    await settle();
    await endSearch([STRANGER]);
    assert.deepEqual(sentTo(), [STRANGER]);
    const [told, ...more] = house.mails('INBOX');
    assert.deepEqual(more, []);
    assert.match(told, /^Subject: Address found: small letters\r$/m);
    assert.match(told, /^In-Reply-To: <small@client>\r$/m);
    assert.match(told, new RegExp(`${STRANGER}@bitmessage`));
  });

  it('needs no search the second time', async () => {
    await house.submit(LOWERED, MAIL);
    await settle();
    await endSearch([STRANGER]);
    assert.match(await house.submit(LOWERED, MAIL.replace('small@', 'second@')), /^queued as 2/);
    assert.deepEqual(sentTo(), [STRANGER, STRANGER]);
  });

  it('goes to the others too, and once', async () => {
    await house.submit([LOWERED, LOWERED.toUpperCase(), BOB], MAIL);
    await settle();
    assert.deepEqual(sentTo(), []);
    await endSearch([STRANGER]);
    assert.deepEqual(sentTo(), [STRANGER, BOB]);
  });

  it('fails with a report when there is no such address, and is refused from then on', async () => {
    await house.submit(LOWERED, MAIL);
    await settle();
    await endSearch([]);
    const [report] = house.mails('INBOX');
    assert.match(report, /^Content-Type: multipart\/report; report-type=delivery-status/m);
    assert.match(report, new RegExp(`Final-Recipient: rfc822; ${LOWERED}\r\nAction: failed\r\nStatus: 5.1.1\r\n`));
    assert.deepEqual([flags('Outbox'), sentTo()], [[['$Failed', '\\Seen']], []]);
    await assert.rejects(house.submit(LOWERED, MAIL), { enhanced: '5.1.1', message: /is mistyped/ });
  });

  it('reports no failure to who wants none', async () => {
    await house.submit([], MAIL, { recipients: [{ address: LOWERED, notify: ['NEVER'] }] });
    await settle();
    await endSearch([]);
    assert.deepEqual([house.mails('INBOX'), flags('Outbox')], [[], [['$Failed', '\\Seen']]]);
  });

  it('goes to the others when one address is none', async () => {
    await house.submit([LOWERED, BOB], MAIL);
    await settle();
    await endSearch([]);
    assert.deepEqual([sentTo(), house.mails('INBOX').length], [[BOB], 1]);
  });

  describe('that could be one of several', () => {
    beforeEach(async () => {
      await house.submit([LOWERED, BOB], MAIL);
      await settle();
      await endSearch([STRANGER, OTHER]);
    });
    const again = (): Promise<string> => house.submit(LOWERED, MAIL.replace('small@', 'again@'));

    it('is prepared for each, and the sender asked', () => {
      assert.deepEqual(sentTo(), [STRANGER, OTHER, BOB]);
      const [asked] = house.mails('INBOX');
      assert.match(asked, /^Subject: Which address\? small letters\r$/m);
      const text = asked.replace(/=\r\n/g, '').replaceAll('=3D', '=');
      for (const address of [STRANGER, OTHER]) assert.ok(text.includes(`mailto:control@bitmessage?subject=spelling%20${address}`), address);
    });

    it('goes to the one that has a key', async () => {
      await house.node.move(3, { state: 'mining' });
      assert.deepEqual(house.node.cancelled, [], 'it says nothing of these two');
      await house.node.move(2, { state: 'mining' });
      assert.deepEqual(house.node.cancelled, [1]);
      await again();
      assert.deepEqual(sentTo().slice(3), [OTHER]);
    });

    it('goes to the one that the person names', async () => {
      assert.equal(house.mapping.speller.choose(BOB), false);
      assert.equal(house.mapping.speller.choose(STRANGER), true);
      assert.deepEqual(house.node.cancelled, [2]);
      await again();
      assert.deepEqual(sentTo().slice(3), [STRANGER]);
      assert.equal(house.mapping.speller.choose(STRANGER), false, 'once decided, nothing is asked any more');
    });
  });

  it('is searched no more once it is deleted from Outbox', async () => {
    await house.submit(LOWERED, MAIL);
    await settle();
    const outbox = house.mailboxes.find('Outbox')!;
    await house.mapping.folderRules.beforeExpunge({ user: 'me', identity: null }, 'Outbox', house.mailboxes.uids(outbox.id, null));
    searches.get(TEXT)?.progress(0.5);
    await settle();
    assert.equal(searches.get(TEXT)?.signal.aborted, true);
    assert.deepEqual([sentTo(), house.mails('INBOX')], [[], []]);
  });

  it('is searched again after a restart', async () => {
    await house.submit(LOWERED, MAIL);
    await settle();
    await house.mapping.stop();
    searches.clear();
    const { mapping } = house.restarted();
    await mapping.start();
    await settle();
    await endSearch([STRANGER]);
    await mapping.stop();
    assert.deepEqual(sentTo(), [STRANGER]);
  });

  it('is not taken while 20 others are looked for', async () => {
    for (let n = 0; n < 20; n++) await house.submit(shortAddress(`number ${n}`).toLowerCase(), MAIL.replace('small', `n${n}`));
    await assert.rejects(house.submit(LOWERED, MAIL), { code: 451, enhanced: '4.3.2', message: /^20 addresses/ });
    assert.match(await house.submit(shortAddress('number 3').toLowerCase(), MAIL), /^held/, 'one of those may come again');
  });

  it('waits for its time besides', async () => {
    await house.submit(LOWERED, MAIL, { hold: { forSeconds: 3600 } });
    await settle();
    await endSearch([STRANGER]);
    assert.deepEqual(sentTo(), []);
    house.clock.advance(3600);
    await settle();
    assert.deepEqual(sentTo(), [STRANGER]);
  });
});
