/** Every door keeps its answer back until what it tells of is on the disk, and gives none when the disk has failed. */
import assert from 'node:assert/strict';
import { silentLogger } from '../src/base/log.js';
import type { OnDisk } from '../src/base/on-disk.js';
import { CarddavServer } from '../src/carddav/server.js';
import { OPERATIONS } from '../src/control/operations.js';
import { describeMessage } from '../src/mime/describe.js';
import { WebServer } from '../src/web/server.js';
import { ALICE, BOB, House } from './mapping/house.js';
import { ask, reply, SmtpHouse, sharedCertificate } from './smtp/smtp-house.js';
import { FAKE_LOGINS, fakeControl } from './support/fake-control.js';
import { HeldDisk } from './support/held-disk.js';
import { openImapHouse } from './support/imap-house.js';

/** A door in front of a disk. */
interface Door {
  /** Has something stored; resolves with the answer, or rejects when there is none. */
  store(): Promise<string>;
  close(): Promise<void>;
  readonly answered: RegExp;
  readonly refused: RegExp;
}

const MAIL = 'Subject: hi\r\n\r\nhello\r\n';

async function openWeb(onDisk: OnDisk): Promise<{ server: WebServer; port: number }> {
  const server = new WebServer(
    { host: '127.0.0.1', port: 0, token: 'token', operations: OPERATIONS },
    { control: fakeControl(), logins: FAKE_LOGINS, onDisk, log: silentLogger },
  );
  return { server, ...(await server.start()) };
}

const DOORS: Record<string, (disk: HeldDisk) => Promise<Door>> = {
  async imap({ onDisk }) {
    const house = await openImapHouse(describeMessage, { onDisk });
    const client = await house.loggedIn();
    return {
      store: async () => (await client.command('a CREATE new')).at(-1)!,
      close: () => house.stop(),
      answered: /^a OK/,
      refused: /closed the connection/,
    };
  },

  async 'imap, to who only listens'({ onDisk }) {
    const house = await openImapHouse(describeMessage, { onDisk });
    const client = await house.loggedIn();
    await client.command('a SELECT INBOX');
    client.write('b IDLE\r\n');
    await client.line();
    return {
      store: () => {
        const entry = { raw: Buffer.from(MAIL), flags: [], internalDate: 1_700_000_000, identity: '' };
        house.mailboxes.append(house.mailboxes.find('INBOX')!.id, [entry]);
        return client.line();
      },
      close: () => house.stop(),
      answered: /^\* 1 EXISTS/,
      refused: /closed the connection/,
    };
  },

  async 'imap, when it closes'({ onDisk }) {
    const house = await openImapHouse(describeMessage, { onDisk });
    const client = await house.loggedIn();
    return {
      store: async () => {
        client.write('a LOGOUT\r\n');
        return client.closed();
      },
      close: () => house.stop(),
      answered: /a OK LOGOUT/,
      refused: /^$/,
    };
  },

  async smtp({ onDisk }) {
    const house = await SmtpHouse.open(undefined, { onDisk });
    const client = await house.loggedIn();
    for (const command of [`MAIL FROM:<${ALICE}@bitmessage>`, `RCPT TO:<${BOB}@bitmessage>`, 'DATA']) await ask(client, command);
    return {
      store: async () => {
        client.write(`${MAIL}.\r\n`);
        return reply(client);
      },
      close: () => house.close(),
      answered: /^250 2\.0\.0 /,
      refused: /^451 4\.3\.0 /,
    };
  },

  async 'the json interface'({ onDisk }) {
    const { server, port } = await openWeb(onDisk);
    return {
      store: async () => {
        const headers = { authorization: 'Bearer token' };
        const answer = await fetch(`http://127.0.0.1:${port}/api/identity/new`, { method: 'POST', headers, body: '{"label":"New"}' });
        return `${answer.status} ${await answer.text()}`;
      },
      close: () => server.stop(),
      answered: /^200 /,
      refused: /^500 /,
    };
  },

  async 'the local page'({ onDisk }) {
    const { server, port } = await openWeb(onDisk);
    return {
      store: async () => String((await fetch(`http://127.0.0.1:${port}/healthz`)).status),
      close: () => server.stop(),
      answered: /^200$/,
      refused: /^500$/,
    };
  },

  async 'the address books'({ onDisk }) {
    const house = await House.open();
    const logins = { check: async () => ({ user: 'me', identity: null }) };
    const server = new CarddavServer(
      { host: '127.0.0.1', port: 0, tlsPort: 0, tls: await sharedCertificate() },
      { books: house.mapping.addressBooks, logins: logins as never, onDisk, log: silentLogger },
    );
    const { port } = await server.start();
    return {
      store: async () => {
        const headers = { authorization: `Basic ${Buffer.from('me:x').toString('base64')}`, depth: '0' };
        return String((await fetch(`http://127.0.0.1:${port}/`, { method: 'PROPFIND', headers })).status);
      },
      close: async () => {
        await server.stop();
        await house.close();
      },
      answered: /^207$/,
      refused: /^500$/,
    };
  },
};

describe('what doors answer', () => {
  for (const [name, open] of Object.entries(DOORS)) {
    it(`is on the disk: ${name}`, async () => {
      const disk = new HeldDisk();
      const door = await open(disk);
      const seen: string[] = [];
      const asked = disk.hold();
      const answer = door.store().then((text) => {
        seen.push('answered');
        return text;
      });
      await asked;
      // Time for an answer that did not wait: a way to another server and back.
      const other = await openImapHouse(describeMessage);
      (await other.loggedIn()).close();
      await other.stop();
      seen.push('on the disk');
      disk.release();
      assert.match(await answer, door.answered);
      assert.deepEqual(seen, ['on the disk', 'answered']);
      await door.close();
    });

    it(`is nothing good when the disk has failed: ${name}`, async () => {
      const disk = new HeldDisk();
      const door = await open(disk);
      const asked = disk.hold();
      const answer = door.store().catch((error: Error) => error.message);
      await asked;
      disk.fail(new Error('EIO: i/o error, fdatasync'));
      assert.match(await answer, door.refused);
      disk.release();
      await door.close();
    });
  }
});
