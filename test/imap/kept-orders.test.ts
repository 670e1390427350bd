/** Answers of SORT and THREAD that are kept: as long as they are right, and as long as there is room. */
import assert from 'node:assert/strict';
import { KeptOrders } from '../../src/imap/kept-orders.js';
import { describeMessage } from '../../src/mime/describe.js';
import { openImapHouse } from '../support/imap-house.js';

describe('kept orders', () => {
  let made: string[];
  beforeEach(() => (made = []));

  const ask = async (orders: KeptOrders, kind: string, uids: readonly number[]): Promise<number[]> => {
    const make = async (): Promise<number[]> => {
      made.push(kind);
      return uids.toReversed();
    };
    return Array.from(await orders.of(kind, uids, make));
  };

  it('are made once for the same messages', async () => {
    const orders = new KeptOrders();
    for (let round = 0; round < 2; round++) assert.deepEqual(await ask(orders, 'a', [1, 2, 4_294_967_295]), [4_294_967_295, 2, 1]);
    assert.deepEqual(made, ['a']);
    await ask(orders, 'b', [1, 2, 4_294_967_295]);
    assert.deepEqual(made, ['a', 'b']);
  });

  for (const [uids, why] of [
    [[1, 2, 3], 'one more'],
    [[1], 'one less'],
    [[1, 3], 'another'],
  ] as const)
    it(`are made anew for other messages: ${why}`, async () => {
      const orders = new KeptOrders();
      await ask(orders, 'a', [1, 2]);
      assert.deepEqual(await ask(orders, 'a', uids), uids.toReversed());
      assert.deepEqual(made, ['a', 'a']);
    });

  it('give way to newer ones, those first that were not asked for the longest', async () => {
    const orders = new KeptOrders(12);
    for (const kind of ['a', 'b', 'a', 'c', 'd', 'a', 'b']) await ask(orders, kind, [1, 2]);
    assert.deepEqual(made, ['a', 'b', 'c', 'd', 'b']);
    await ask(orders, 'large', [1, 2, 3, 4, 5, 6, 7]);
    await ask(orders, 'a', [1, 2]);
    assert.deepEqual(made.slice(5), ['large'], 'too large to be kept, and nothing gave way to it');
  });

  it('answer SORT and THREAD as a fresh look would, whatever happens to the folder', async () => {
    const house = await openImapHouse(describeMessage);
    const inbox = house.mailboxes.find('INBOX')!.id;
    const append = (subject: string): void => {
      house.mailboxes.append(inbox, [{ raw: Buffer.from(`Subject: ${subject}\r\n\r\n`), flags: [], internalDate: 1, identity: '' }]);
    };
    for (const subject of ['c', 'a', 'b']) append(subject);
    const client = await house.loggedIn();
    await client.command('s SELECT INBOX');
    const asked = async (): Promise<string[]> => {
      const answers: string[] = [];
      for (const command of ['SORT (SUBJECT)', 'SORT (REVERSE SUBJECT)', 'UID SORT (SUBJECT)', 'THREAD REFERENCES', 'UID THREAD REFS']) {
        answers.push((await client.command(`x ${command} UTF-8 ALL`))[0].slice(2));
      }
      return answers;
    };
    const first = ['SORT 2 3 1', 'SORT 1 3 2', 'SORT 2 3 1', 'THREAD (1)(2)(3)', 'THREAD (1)(2)(3)'];
    assert.deepEqual(await asked(), first);
    await client.command('f STORE 1 +FLAGS.SILENT (\\Flagged)');
    assert.deepEqual(await asked(), first);
    append('Re: a');
    await client.command('n NOOP');
    assert.deepEqual(await asked(), ['SORT 2 4 3 1', 'SORT 1 3 2 4', 'SORT 2 4 3 1', 'THREAD (1)(2 4)(3)', 'THREAD (1)(2)(3)(4)']);
    house.mailboxes.expunge(inbox, [1]);
    await client.command('n NOOP');
    assert.deepEqual(await asked(), ['SORT 1 3 2', 'SORT 2 1 3', 'SORT 2 4 3', 'THREAD (1 3)(2)', 'THREAD (2)(3)(4)']);
    await house.stop();
  });
});
