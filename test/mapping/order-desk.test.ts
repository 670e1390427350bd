import assert from 'node:assert/strict';
import { orderLines } from '../../src/mapping/order-lines.js';
import { SmtpRefusal } from '../../src/smtp/submission.js';
import { ALICE, address, BOB, House } from './house.js';

const order = (subject: string, body = '', id = '<1@client>'): string =>
  `From: Alice <${ALICE}@bitmessage>\nTo: control@bitmessage\nSubject: ${subject}\nMessage-ID: ${id}\n\n${body}\n`;

describe('the control address', () => {
  let house: House;
  beforeEach(async () => {
    house = await House.open();
  });
  afterEach(() => house.close());

  /** The first answer, once it is there. */
  async function answer(count = 1): Promise<string> {
    while (house.entries('INBOX').length < count) await new Promise((resolve) => setImmediate(resolve));
    return house.mails('INBOX')[count - 1];
  }

  it('does what the subject and the lines say, and answers in the thread', async () => {
    house.mapping.serveOrders();
    assert.match(await house.submit('Control@bitmessage', order('do one', 'do two\n\ndo three\n-- \ndo not')), /answer comes into INBOX/);
    const mail = await answer();
    assert.match(mail, /^From: Postern <control@bitmessage>\r$/m);
    assert.match(mail, /^In-Reply-To: <1@client>\r$/m);
    assert.match(mail, /^References: <1@client>\r$/m);
    assert.match(mail, /^Subject: Re: do one\r$/m);
    assert.match(mail, /> do one\r\n\r\ndid one\r\n\r\n> do two\r\n\r\ndid two\r\n\r\n> do three\r\n\r\ndid three\r\n/);
    assert.deepEqual(house.ordered, ['do one', 'do two', 'do three']);
    assert.equal(house.entries('INBOX')[0].identity, ALICE);
    assert.deepEqual([house.node.sent, house.entries('Outbox'), house.entries('Sent')], [[], [], []]);
  });

  it('answers what it does not understand with help', async () => {
    house.mapping.serveOrders();
    await house.submit('control@bitmessage', order('Hello', 'could you please\n'));
    assert.match(await answer(), /> could you please\r\n\r\nThis is not understood\.\r\n\r\nHELP/);
    await house.submit('control@bitmessage', order('', '', '<2@client>'));
    assert.match(await answer(2), /\r\n\r\nHELP\r\n$/);
  });

  it('does nothing twice that a mail program sends twice', async () => {
    house.mapping.serveOrders();
    await house.submit('control@bitmessage', order('do one'));
    await answer();
    assert.match(await house.submit('control@bitmessage', order('do one')), /came before/);
    await house.submit('control@bitmessage', order('do two', '', '<2@client>'));
    await answer(2);
    assert.deepEqual(house.ordered, ['do one', 'do two']);
  });

  it('keeps what it took over a restart, and does nothing twice', async () => {
    await house.submit('control@bitmessage', order('do one', 'do two\ndo three'));
    const { mapping } = house.restarted();
    let stopped: Promise<void> | undefined;
    house.onOrder = async (line) => {
      // Stopped in the middle: what was begun is on the disk, its answer is not.
      if (line === 'do two' && stopped === undefined) {
        stopped = house.mapping.stop();
        throw new Error('killed');
      }
    };
    house.mapping.serveOrders();
    while (stopped === undefined) await new Promise((resolve) => setImmediate(resolve));
    await stopped;
    assert.deepEqual(house.entries('INBOX'), []);
    mapping.serveOrders();
    const mail = await answer();
    await mapping.stop();
    assert.deepEqual(house.ordered, ['do one', 'do two', 'do three']);
    assert.match(
      mail,
      /> do one\r\n\r\ndid one\r\n\r\n> do two\r\n\r\nPostern was stopped while it did this\..*\r\n\r\n> do three\r\n\r\ndid three/s,
    );
    assert.equal(house.entries('INBOX').length, 1);
  });

  it('goes to nobody else', async () => {
    await assert.rejects(house.submit(['control@bitmessage', BOB], order('do one')), refusal(/to nobody else/));
    assert.deepEqual([house.ordered, house.node.sent], [[], []]);
  });

  it('does not listen to a chan', async () => {
    const chan = address(4, 1n, 'chan');
    house.node.add({ address: chan, chan: true });
    const mail = order('do one').replace(ALICE, chan);
    await assert.rejects(house.submit('control@bitmessage', mail, { from: `${chan}@bitmessage` }), refusal(/not to a chan/));
  });

  it('hears nothing from the network', async () => {
    house.mapping.serveOrders();
    for (const to of [ALICE, 'control@bitmessage', 'control']) await house.deliver({ from: BOB, to, subject: 'do one', body: 'do two' });
    await house.deliver({ from: ALICE, to: ALICE, subject: 'do one', body: 'To: control@bitmessage\ndo two' });
    await house.submit('control@bitmessage', order('do last'));
    await answer(5);
    assert.deepEqual(house.ordered, ['do last']);
  });

  for (const [subject, text, lines] of [
    ['Re: do one', 'do two\n\nOn Monday Postern wrote:\n> do three', ['do two']],
    ['Re: do one', '', []],
    ['do one', 'do one', ['do one']],
    ['do one', '', ['do one']],
    ['hello', 'do two', ['do two']],
    ['hello', '', ['hello']],
    ['', 'do two\n-----Original Message-----\nFrom: x\ndo three', ['do two']],
    ['', Array.from({ length: 30 }, (_, i) => `do ${i}`).join('\n'), Array.from({ length: 20 }, (_, i) => `do ${i}`)],
  ] as const)
    it(`reads "${subject}" and ${JSON.stringify(text.slice(0, 60))} as ${lines.length} commands`, () => {
      assert.deepEqual(
        orderLines({ subject, text }, (line) => line.startsWith('do')),
        lines,
      );
    });
});

function refusal(message: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof SmtpRefusal && message.test(error.message);
}
