import assert from 'node:assert/strict';
import { decodeContent } from '../../src/bitmessage/wire/content.js';
import { toListPost, toListSubject } from '../../src/mapping/list-post.js';
import { originalSender } from '../../src/mapping/quoting.js';
import { ALICE, address, BOB, House } from './house.js';

const content = { subject: 'Seeds', body: 'Two lines\nof text', parents: [new Uint8Array(32)], files: [] };

describe('a post to a mailing list', () => {
  for (const [subject, expected] of [
    ['Seeds', '[Garden] Seeds'],
    ['  Seeds ', '[Garden] Seeds'],
    ['Re: Seeds', '[Garden] Seeds'],
    ['RE:Seeds', '[Garden] Seeds'],
    ['re: Seeds', '[Garden] re: Seeds'],
    ['Re: [Garden] Seeds', '[Garden] Seeds'],
    ['Seeds [Garden] again', 'Seeds [Garden] again'],
    ['Re: Re: Seeds', '[Garden] Re: Seeds'],
    ['[garden] Seeds', '[Garden] [garden] Seeds'],
    ['', '[Garden] '],
  ] as const)
    it(`"${subject}" becomes "${expected}"`, () => assert.equal(toListSubject(subject, 'Garden'), expected));

  it('is, byte for byte, what PyBitmessage writes', () => {
    const bytes = toListPost({ content, encoding: 2, from: BOB, at: 1_706_619_900 }, 'Garden');
    assert.equal(
      Buffer.from(bytes).toString(),
      `Subject:[Garden] Seeds\nBody:Tue, 2024-01-30 13:05:00 UTC   Message ostensibly from ${BOB}:\n\nTwo lines\nof text`,
    );
  });

  for (const encoding of [1, 2, 3])
    it(`keeps encoding ${encoding}, and says who wrote it`, () => {
      const read = decodeContent(encoding, toListPost({ content, encoding, from: BOB, at: 0 }, 'Garden'));
      assert.ok(read.kind === 'message');
      assert.match(read.content.body, /^Thu, 1970-01-01 00:00:00 UTC {3}Message ostensibly from BM-\w+:\n\nTwo lines\nof text$/);
      assert.equal(originalSender(read.content.body), BOB);
      assert.deepEqual(read.content.parents, []);
    });

  it('keeps its attachments, but not an HTML form, which does not say who wrote it', () => {
    const files = [
      { name: 'message.html', type: 'text/html', disposition: 'inline' as const, data: new Uint8Array([3]) },
      { name: 'a.txt', type: 'text/plain', disposition: 'attachment' as const, data: new Uint8Array([1, 2]) },
    ];
    const read = decodeContent(3, toListPost({ content: { ...content, files }, encoding: 3, from: BOB, at: 0 }, 'Garden'));
    assert.ok(read.kind === 'message');
    assert.deepEqual(
      read.content.files.map(({ name, data }) => [name, [...data]]),
      [['a.txt', [1, 2]]],
    );
  });
});

describe('a mailing list', () => {
  const LIST = address(4, 1n, 'list');
  let house: House;
  beforeEach(async () => {
    house = await House.open();
    house.node.add({ address: LIST, mailingList: 'Garden', ttlSeconds: 86_400 });
  });
  afterEach(() => house.close());

  it('keeps and passes on what it receives, once', async () => {
    const message = {
      to: LIST,
      from: BOB,
      subject: 'Seeds',
      objectHash: new Uint8Array(32).fill(1),
      signatureHash: new Uint8Array(32).fill(2),
    };
    await house.deliver(message);
    await house.deliver(message);
    const [{ content: _, ...post }] = house.node.sent;
    assert.deepEqual(post, { id: 1, kind: 'broadcast', from: LIST, to: LIST, encoding: 2, ttlSeconds: 86_400 });
    assert.equal(house.node.sent.length, 1);
    assert.equal(house.entries('INBOX').length, 1);
  });

  it('neither keeps nor passes on what somebody blocked sends', async () => {
    house.mapping.blocking.block(BOB);
    await house.deliver({ to: LIST, from: BOB });
    assert.deepEqual([house.node.sent, house.entries('INBOX')], [[], []]);
  });

  it('does not pass on its own posts, broadcasts of others, or what it cannot read', async () => {
    house.node.subscribe(LIST, '');
    await house.deliver({ kind: 'broadcast', from: LIST, to: LIST });
    await house.deliver({ to: LIST, encoding: 9, content: new Uint8Array([1]) });
    await house.deliver({ to: LIST, encoding: 0 });
    await house.deliver({ to: ALICE });
    assert.deepEqual(house.node.sent, []);
  });
});
