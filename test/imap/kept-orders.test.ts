/** Answers of SORT and THREAD that are kept: as long as they are right, and as long as there is room. */
import assert from 'node:assert/strict';
import { KeptOrders } from '../../src/imap/kept-orders.js';
import { describeMessage } from '../../src/mime/describe.js';
import { openImapHouse } from '../support/imap-house.js';

describe('kept orders', () => {
  it('are handed to one at a time', () => {
    const orders = new KeptOrders();
    orders.keep('a', { bytes: 1 });
    assert.deepEqual(orders.take('a'), { bytes: 1 });
    assert.equal(orders.take('a'), undefined);
    orders.keep('a', { bytes: 2 });
    orders.keep('a', { bytes: 3 });
    assert.deepEqual(orders.take('a'), { bytes: 3 });
  });

  it('give way to newer ones, those first that were not asked for the longest', () => {
    const orders = new KeptOrders(12);
    for (const kind of ['a', 'b', 'c']) orders.keep(kind, { bytes: 4 });
    orders.keep('a', orders.take('a')!);
    orders.keep('d', { bytes: 4 });
    orders.keep('large', { bytes: 13 });
    assert.deepEqual(
      ['a', 'b', 'c', 'd', 'large'].filter((kind) => orders.take(kind) !== undefined),
      ['a', 'c', 'd'],
    );
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
