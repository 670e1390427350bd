import assert from 'node:assert/strict';
import { silentLogger } from '../../src/base/log.js';
import { MailClerk } from '../../src/control/by-mail.js';
import { OPERATIONS } from '../../src/control/operations.js';
import { fakeControl } from '../support/fake-control.js';

const X = 'BM-2cW67GEKkHGonXKZLCzouLLxnLym3azS8r';

describe('orders in plain words', () => {
  const rooms = fakeControl();
  const clerk = new MailClerk(OPERATIONS, () => rooms, silentLogger);
  const folderOf = (text: string): string | undefined => /Folder: (.*)/.exec(text)?.[1];

  for (const [line, folder] of [
    ['chan join general', 'Chans/general'],
    ['Join a phrase of  several words', 'Chans/a phrase of  several words'],
    ['JOIN "in quotes"', 'Chans/in quotes'],
    ['join: with a colon', 'Chans/with a colon'],
    ['join secret --label Friends of mine', 'Chans/Friends of mine'],
    ['join secret --label=Family and friends', 'Chans/Family and friends'],
    ['join secret —label “Our friends”', 'Chans/Our friends'],
    [`subscribe ${X} --label=News`, 'Subscriptions/News'],
  ] as const)
    it(`"${line}" makes ${folder}`, async () => {
      const { done, text } = await clerk.carryOut(line);
      assert.deepEqual([done, folderOf(text)], [true, folder]);
    });

  it('takes no option for a part of the passphrase', async () => {
    assert.match((await clerk.carryOut('join many words --label Name of it')).text, /^BM-chan-many words\n/);
  });

  it('names an identity without a word for the label', async () => {
    assert.match((await clerk.carryOut('new identity My work')).text, /^BM-/);
    assert.match((await clerk.carryOut('identities')).text, /My work/);
  });

  for (const [line, answer] of [
    ['Dear Postern', /not understood/],
    ['joinery', /not understood/],
    ['subscribe nobody', /^Not done: "nobody" is no Bitmessage address/],
    ['subscribe', /^Not done: "subscribe" needs address\.$/],
    ['status of things', /^Not done: "status" does not know what to do with "of"/],
  ] as const)
    it(`"${line}" is answered in words`, async () => {
      const { done, text } = await clerk.carryOut(line);
      assert.equal(done, false);
      assert.match(text, answer);
    });

  it('takes what stands behind its name only, wherever that stands', async () => {
    const work = /^BM-.*/.exec((await clerk.carryOut('new identity Flagged')).text)?.[0];
    for (const line of ['identity show --vcard Flagged', 'Identity show Flagged --vcard'])
      assert.match((await clerk.carryOut(line)).text, /^BEGIN:VCARD/, `${line} of ${work}`);
  });

  it('understands the orders that our own mails propose', () => {
    for (const order of [`spelling ${X}`, `identity delete ${X} --yes`, `identity undelete ${X}`])
      assert.ok(clerk.understands(order), order);
  });

  it('helps', async () => {
    for (const line of ['help', 'Help.', '?']) assert.match((await clerk.carryOut(line)).text, /chan join PASSPHRASE \[--label …\]/);
    assert.ok(!clerk.understands('helpful'));
  });

  it('offers nothing that hands out keys or touches files', async () => {
    for (const name of ['export', 'import', 'backup', 'restore', 'identity export']) {
      const operation = { name, help: () => '', parameters: [], run: () => assert.fail() };
      const { text } = await new MailClerk([operation], () => rooms, silentLogger).carryOut(name);
      assert.match(text, /not understood/);
    }
    assert.doesNotMatch(clerk.help(), /export|import|backup|restore/);
  });

  it('says no more than that something went wrong', async () => {
    const broken = { name: 'status', help: () => '', parameters: [], run: () => { throw new Error('secret detail'); } }; // biome-ignore format: one line
    const { text } = await new MailClerk([broken], () => rooms, silentLogger).carryOut('status');
    assert.equal(text, 'Not done: internal error; the log says more.');
  });
});
