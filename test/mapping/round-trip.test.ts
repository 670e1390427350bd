/** Two houses with real nodes on loopback: the flows from one mail store to the other and back. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/base/clock.js';
import { silentLogger } from '../../src/base/log.js';
import { createNode } from '../../src/bitmessage/create-node.js';
import { OPEN_VAULT } from '../../src/bitmessage/key-vault.js';
import type { OpenNode } from '../../src/bitmessage/node.js';
import { PRIVATE } from '../../src/bitmessage/wire/params.js';
import { Mapping } from '../../src/mapping/mapping.js';
import { describeMessage } from '../../src/mime/describe.js';
import { type ReadMail, readMail } from '../../src/mime/read-mail.js';
import type { EnvelopeRecipient } from '../../src/smtp/submission.js';
import { Database } from '../../src/store/database.js';
import { SqliteMailboxes } from '../../src/store/mail/mailboxes.js';
import { SqliteMessages } from '../../src/store/mail/messages.js';
import { english } from '../../src/words/english/english.js';
import { noClerk } from '../support/no-clerk.js';
import { COMBINED, ALICE as STRANGER } from './house.js';

interface Seen extends ReadMail {
  readonly uid: number;
  readonly flags: readonly string[];
  readonly identity: string;
}

class RealHouse {
  readonly #directory = mkdtempSync(join(tmpdir(), 'postern-mapping-'));
  #database!: Database;
  #messages!: SqliteMessages;
  mailboxes!: SqliteMailboxes;
  node!: OpenNode;
  mapping!: Mapping;
  address = '';

  constructor(private readonly peers: readonly string[] = []) {}

  async start(): Promise<this> {
    const database = new Database(join(this.#directory, 'postern.sqlite'));
    const log = silentLogger;
    this.#database = database;
    this.mailboxes = new SqliteMailboxes(database, describeMessage, systemClock);
    this.#messages = new SqliteMessages(database);
    const node = createNode(
      { network: { params: PRIVATE, listen: '127.0.0.1:0', peers: this.peers, loopbackOnly: true }, miningThreads: 1 },
      {
        database,
        clock: systemClock,
        log,
        listener: {
          deliver: (message) => this.mapping.listener.deliver(message),
          outgoingChanged: (message) => this.mapping.listener.outgoingChanged(message),
        },
      },
    );
    this.node = node;
    this.mapping = new Mapping(
      {},
      {
        database,
        mailboxes: this.mailboxes,
        messages: this.#messages,
        node,
        vault: OPEN_VAULT,
        clock: systemClock,
        log,
        clerk: noClerk,
        words: english,
      },
    );
    if (node.identities().length === 0) await node.createIdentity({ label: 'me' });
    this.address = node.identities()[0].address;
    await this.mapping.start();
    await node.start();
    return this;
  }

  async stop(): Promise<void> {
    await this.node.stop();
    await this.mapping.stop();
    this.#database.close();
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.#directory, { recursive: true });
  }

  get listening(): string {
    const { host, port } = this.node.status().listening!;
    return `${host}:${port}`;
  }

  submit(to: string, mail: string, recipient: Partial<EnvelopeRecipient> = {}): Promise<string> {
    return this.mapping.submission.accept(
      { login: COMBINED, from: this.address, recipients: [{ address: to, notify: [], ...recipient }] },
      Buffer.from(mail.replaceAll('\n', '\r\n')),
    );
  }

  folder(path: string): Seen[] {
    const mailbox = this.mailboxes.find(path);
    if (mailbox === undefined) return [];
    return this.mailboxes
      .entries(mailbox.id, this.mailboxes.uids(mailbox.id, null))
      .map(({ uid, flags, identity, messageId }) => ({ uid, flags, identity, ...readMail(this.#messages.raw(messageId)) }));
  }

  /** The mails of this subject, in the folder. */
  found(path: string, subject: string): Seen[] {
    return this.folder(path).filter((mail) => mail.subject === subject);
  }

  /** Resolves with the first such mail; the test's time limit ends a wait in vain. */
  async until(path: string, wanted: (mail: Seen) => boolean): Promise<Seen> {
    for (;;) {
      let change = (): void => {};
      const changed = new Promise<void>((resolve) => (change = resolve));
      const stop = this.mailboxes.watch(() => change());
      const mail = this.folder(path).find(wanted);
      if (mail === undefined) await changed;
      stop();
      if (mail !== undefined) return mail;
    }
  }
}

describe('round trip', function () {
  this.timeout(30_000);
  let alice: RealHouse;
  let bob: RealHouse;
  const mail = (subject: string, more = ''): string =>
    `From: ${alice.address}@bitmessage\nMessage-ID: <${subject}@alice>\nSubject: ${subject}\n${more}\ntext of ${subject}\n`;
  const delivered = (subject: string): Promise<Seen> =>
    alice.until('Sent', (sent) => sent.subject === subject && sent.flags.includes('$Delivered'));

  before(async () => {
    alice = await new RealHouse().start();
    bob = await new RealHouse([alice.listening]).start();
  });
  after(() => Promise.all([alice.remove(), bob.remove()]));

  it('takes text and files to the other side, and news of it back', async () => {
    const source = [
      `From: ${alice.address}@bitmessage`,
      'Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=',
      'Message-ID: <files@alice>',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      'Content-Type: text/plain; charset=iso-8859-1',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      'sch=F6n',
      '--b',
      "Content-Type: image/png; name*=utf-8''%C3%BC.png",
      'Content-Disposition: attachment',
      'Content-Transfer-Encoding: base64',
      '',
      'iVBORw0KGgo=',
      '--b--',
      '',
    ].join('\n');
    await alice.submit(bob.address, source);
    const got = await bob.until('INBOX', ({ subject }) => subject === 'Grüße');
    assert.equal(got.text.trim(), 'schön');
    assert.deepEqual(
      got.files.map(({ name, type, content }) => [name, type, Buffer.from(content).toString('hex')]),
      [['ü.png', 'image/png', '89504e470d0a1a0a']],
    );
    assert.deepEqual([got.identity, got.from[0].address], [bob.address, `${alice.address}@bitmessage`]);
    await delivered('Grüße');
    assert.deepEqual(alice.found('Outbox', 'Grüße'), []);
  });

  it('joins an answer to what it answers', async () => {
    await alice.submit(bob.address, mail('plan'));
    await bob.until('INBOX', ({ subject }) => subject === 'plan');
    await bob.submit(alice.address, `From: ${bob.address}@bitmessage\nSubject: Re: plan\n\nyes\n`);
    const answer = await alice.until('INBOX', ({ subject }) => subject === 'Re: plan');
    assert.deepEqual(answer.answers, ['<plan@alice>']);
  });

  it('keeps one copy in Sent when the program stores its own before the mail is out', async () => {
    await alice.submit(bob.address, mail('early'));
    const raw = Buffer.from(mail('early').replaceAll('\n', '\r\n'));
    const answer = await alice.mapping.folderRules.append(COMBINED, { path: 'Sent', raw, flags: ['\\Seen'] });
    await delivered('early');
    const [copy, ...more] = alice.found('Sent', 'early');
    assert.deepEqual([answer, more], [{ kind: 'existing', uid: copy.uid }, []]);
  });

  it('keeps one copy in Sent when the program stores its own afterwards', async () => {
    await alice.submit(bob.address, mail('late'));
    const { uid } = await delivered('late');
    const raw = Buffer.from(mail('late').replaceAll('\n', '\r\n'));
    assert.deepEqual(await alice.mapping.folderRules.append(COMBINED, { path: 'Sent', raw, flags: [] }), { kind: 'existing', uid });
  });

  it('reports a delivery when asked to', async () => {
    await alice.submit(bob.address, mail('asked'), { notify: ['SUCCESS'] });
    const report = await alice.until('INBOX', ({ subject }) => subject === 'Delivered: asked');
    assert.match(report.text, /was decrypted by the recipient's program/);
    assert.deepEqual([report.answers, report.identity], [['<asked@alice>'], alice.address]);
  });

  it('reports a failure always', async () => {
    const strict = await bob.node.createIdentity({ label: 'strict' });
    bob.node.updateIdentity(strict.address, { nonceTrialsPerByte: 10_000_000, extraBytes: 10_000_000 });
    await alice.submit(strict.address, mail('hard'));
    const report = await alice.until('INBOX', ({ subject }) => subject === 'Not delivered: hard');
    assert.match(report.text, /demands more proof of work/);
    const [sent] = alice.found('Sent', 'hard');
    assert.ok(sent.flags.includes('$Failed') && !sent.flags.includes('$SubmitPending'));
  });

  it('stops sending when the mail is deleted from Outbox', async () => {
    await alice.submit(STRANGER, mail('never'));
    const [{ uid }] = alice.found('Outbox', 'never');
    await alice.mapping.folderRules.beforeExpunge(COMBINED, 'Outbox', [uid]);
    alice.mailboxes.expunge(alice.mailboxes.find('Outbox')!.id, [uid]);
    const stopped = alice.node.outgoing().find(({ to }) => to === STRANGER);
    assert.equal(stopped?.outgoing.state, 'cancelled');
    assert.deepEqual([alice.found('Outbox', 'never'), alice.found('Sent', 'never')], [[], []]);
  });

  it('brings a chan post to all members once, the writer too', async () => {
    const { address } = await alice.mapping.groups.joinChan('round trip', '');
    await bob.mapping.folderRules.create(COMBINED, 'Chans/round trip', null);
    await alice.submit(address, mail('post'));
    for (const house of [alice, bob]) {
      const post = await house.until('Chans/round trip', ({ subject }) => subject === 'post');
      assert.equal(post.field('list-post'), `<mailto:${address}@bitmessage>`);
    }
    await alice.until('Sent', ({ subject, flags }) => subject === 'post' && flags.includes('$Submitted'));
    assert.equal(alice.found('Chans/round trip', 'post').length, 1);
  });

  it('fills a new subscription with what the network still holds', async () => {
    await alice.submit('broadcast@bitmessage', mail('news'));
    await alice.until('Sent', ({ subject, flags }) => subject === 'news' && flags.includes('$Submitted'));
    await bob.mapping.folderRules.create(COMBINED, `Subscriptions/${alice.address}`, null);
    const news = await bob.until(`Subscriptions/${alice.address}`, ({ subject }) => subject === 'news');
    assert.equal(news.field('list-id'), `<${alice.address}.broadcast.bitmessage>`);
  });

  it('shows and sends nothing again after a restart, not even what was expunged', async () => {
    const shape = (house: RealHouse): string[] =>
      house.mailboxes
        .list()
        .flatMap(({ path }) => house.folder(path).map(({ uid, subject, flags }) => `${path} ${uid} ${subject} ${[...flags].sort()}`));
    const inbox = bob.mailboxes.find('INBOX')!;
    bob.mailboxes.expunge(inbox.id, bob.mailboxes.uids(inbox.id, null));
    const before = [shape(alice), shape(bob)];
    const attempts = alice.node.outgoing().map((message) => message.attempts);
    await Promise.all([alice.stop(), bob.stop()]);
    await alice.start();
    await bob.start();
    // One that was never there shows that the others had their chance.
    await bob.submit(bob.address, `From: ${bob.address}@bitmessage\nSubject: last\n\nx\n`);
    await bob.until('INBOX', ({ subject }) => subject === 'last');
    await bob.until('Sent', ({ subject, flags }) => subject === 'last' && flags.includes('$Submitted'));
    const isOld = (line: string): boolean => !line.includes(' last ');
    assert.deepEqual([shape(alice), shape(bob).filter(isOld)], before);
    assert.deepEqual(
      alice.node.outgoing().map((message) => message.attempts),
      attempts,
    );
  });
});
