/** kill -9 while mail is written in every way there is: what was answered is there once, nothing is half there, and nothing is left lying about. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { explainFailure, type GatewayProcess, MAIN, Rig } from '../support/gateway-rig.js';
import { LineClient } from '../support/line-client.js';
import { type Generator, generator } from '../support/random.js';
import { faultsOf, unswept } from '../support/sound-store.js';

/** A longer run: POSTERN_ROUNDS=50. */
const ROUNDS = Number(process.env.POSTERN_ROUNDS ?? 2);
const MANY = 3000;
const TOGETHER = 300;
/** Bytes: above 1 MiB, in several pieces. */
const LARGE = 6_000_000;
/** As large as SMTP takes. */
const SUBMITTED = 300_000;
const IMPORTED = 60;
const PASSPHRASE = 'correct horse battery';
/** At any moment of what takes some seconds. */
const LATEST_KILL_MS = 3000;

/** What one program did until it was cut off. */
interface Writer {
  /** Resolves when the line is broken. */
  write(gateway: GatewayProcess): Promise<void>;
  /** After the restart. */
  check(client: LineClient, gateway: GatewayProcess): Promise<void>;
}

describe('scenario: kill -9 while mail is written', function () {
  this.timeout(120_000);
  let rig: Rig;
  let data: string;
  let random: Generator;

  before(async () => {
    rig = new Rig();
    random = generator();
    data = rig.directory();
    const gateway = await rig.start([], data);
    const client = await logIn(gateway);
    await client.command('c CREATE seed');
    for (let from = 0; from < MANY; from += 1000) await client.command(appending('seed', 1000, from));
    await gateway.end('SIGTERM');
  });
  after(() => rig.end());
  afterEach(function () {
    explainFailure(rig, this.currentTest);
  });

  for (let round = 1; round <= ROUNDS; round++)
    it(`round ${round}`, async function () {
      this.test!.title = `round ${round}, seed ${random.seed}`;
      const writers = [large(round), multiple(round), copies(round), moves(round), submissions(round), imports(round, data)];
      const gateway = await rig.start([], data);
      const prepared = await logIn(gateway);
      for (const name of ['large', 'multi', 'copies', 'here', 'there']) await prepared.command(`c CREATE ${name}${round}`);
      for (const command of ['s SELECT seed', `c COPY 1:* here${round}`]) await prepared.command(command);
      const writing = Promise.all(writers.map((writer) => writer.write(gateway)));
      // The moment itself is what is tried.
      const timer = setTimeout(() => void gateway.end('SIGKILL'), random.below(LATEST_KILL_MS));
      await writing;
      clearTimeout(timer);
      const again = await rig.start([], data);
      const client = await logIn(again);
      for (const writer of writers) await writer.check(client, again);
      while (unswept(data) > 0) await again.ask('status');
      await again.end('SIGTERM');
      assert.deepEqual(faultsOf(data), []);
    });

  it('restores all or nothing', async () => {
    const gateway = await rig.start([], data);
    const file = join(data, '..', `${random.seed}.age`);
    await gateway.ask('backup', { file, passphrase: PASSPHRASE });
    await gateway.end('SIGTERM');
    const restore = async (killAfterMs: number | null): Promise<string> => {
      const child = spawn(process.execPath, [MAIN, 'restore', file, '--data', target], { stdio: ['pipe', 'ignore', 'pipe'] });
      child.stdin.on('error', () => {});
      child.stdin.end(`${PASSPHRASE}\n`);
      let said = '';
      child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
      const timer = killAfterMs === null ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfterMs);
      await once(child, 'close');
      clearTimeout(timer);
      return said;
    };
    const target = `${rig.directory()}/restored`;
    try {
      for (let attempt = 0; attempt < ROUNDS && !existsSync(target); attempt++) await restore(random.below(LATEST_KILL_MS));
      const said = existsSync(target) ? '' : await restore(null);
      assert.ok(existsSync(target), said);
      const restored = await rig.start([], target);
      assert.equal(await countOf(await logIn(restored), 'seed'), MANY);
      while (unswept(target) > 0) await restored.ask('status');
      await restored.end('SIGTERM');
      assert.deepEqual(faultsOf(target), []);
    } finally {
      rmSync(file, { force: true });
    }
  });

  /** APPEND of one large message after the other. */
  function large(round: number): Writer {
    const raw = (index: number): string => `Subject: ${index}\r\n\r\n${'x'.repeat(LARGE)}`;
    let answered = 0;
    return {
      write: (gateway) =>
        untilBroken(gateway, async (client) => {
          await client.command(`a APPEND large${round} {${raw(answered).length}+}\r\n${raw(answered)}`);
          answered++;
        }),
      check: async (client) => {
        const count = await countOf(client, `large${round}`);
        assert.ok(count === answered || count === answered + 1, `${count} large messages, ${answered} were answered`);
        await client.command(`s SELECT large${round}`);
        const sizes = (await client.command('f FETCH 1:* RFC822.SIZE')).filter((line) => line.includes('FETCH ('));
        assert.ok(sizes.every((line) => line.includes(`SIZE ${raw(0).length})`)));
        assert.equal(sizes.length, count);
      },
    };
  }

  /** MULTIAPPEND of hundreds. */
  function multiple(round: number): Writer {
    let answered = 0;
    return {
      write: (gateway) =>
        untilBroken(gateway, async (client) => {
          await client.command(appending(`multi${round}`, TOGETHER, answered * TOGETHER));
          answered++;
        }),
      check: async (client) => {
        const count = await countOf(client, `multi${round}`);
        assert.ok([answered * TOGETHER, (answered + 1) * TOGETHER].includes(count), `${count} appended, ${answered} times answered`);
      },
    };
  }

  /** COPY of thousands. */
  function copies(round: number): Writer {
    let answered = 0;
    return {
      write: (gateway) =>
        untilBroken(gateway, async (client) => {
          await client.command('s SELECT seed');
          await client.command(`c COPY 1:* copies${round}`);
          answered++;
        }),
      check: async (client) => {
        const count = await countOf(client, `copies${round}`);
        assert.ok([answered * MANY, (answered + 1) * MANY].includes(count), `${count} copied, ${answered} times answered`);
      },
    };
  }

  /** MOVE of thousands, here and there. */
  function moves(round: number): Writer {
    return {
      write: (gateway) => {
        let [from, to] = [`here${round}`, `there${round}`];
        return untilBroken(gateway, async (client) => {
          await client.command(`s SELECT ${from}`);
          await client.command(`m MOVE 1:* ${to}`);
          [from, to] = [to, from];
        });
      },
      check: async (client) => {
        const ids: string[] = [];
        for (const folder of [`here${round}`, `there${round}`]) {
          await client.command(`s SELECT ${folder}`);
          if ((await countOf(client, folder)) === 0) continue;
          for (const line of await client.command('f FETCH 1:* EMAILID')) ids.push(...(/EMAILID \((\w+)\)/.exec(line)?.slice(1) ?? []));
        }
        assert.deepEqual([ids.length, new Set(ids).size], [MANY, MANY], 'each is in one of the folders');
      },
    };
  }

  /** Mails by SMTP, to oneself. */
  function submissions(round: number): Writer {
    const answered: string[] = [];
    return {
      write: async (gateway) => {
        const transport = gateway.smtp();
        const address = `${gateway.address}@bitmessage`;
        for (let index = 0; ; index++) {
          const messageId = `<${round}.${index}.${random.seed}@example.org>`;
          const mail = { from: address, to: address, subject: 'submitted', text: 'y\n'.repeat(SUBMITTED / 2), messageId };
          const isSent = await transport.sendMail(mail).then(
            () => true,
            () => false,
          );
          if (!isSent) return;
          answered.push(messageId);
        }
      },
      check: async (client) => {
        for (const messageId of answered) {
          let count = 0;
          for (const folder of ['Outbox', 'Sent']) {
            await client.command(`s SELECT ${folder}`);
            const [found] = await client.command(`f SEARCH HEADER Message-ID ${messageId}`);
            count += found.split(' ').length - 2;
          }
          assert.equal(count, 1, `${messageId} is there once`);
        }
      },
    };
  }

  /** `postern import mbox`, with large mails among the others; whoever is cut off begins again. */
  function imports(round: number, directory: string): Writer {
    const path = join(directory, 'old.mbox');
    const mail = (index: number): string =>
      `From a@b Sat Nov 21 23:00:00 2026\nSubject: ${index}\n\n${'z\n'.repeat(index % 10 === 0 ? 900_000 : 500)}\n`;
    const import_ = (gateway: GatewayProcess): Promise<unknown> => gateway.ask('import mbox', { path, folder: `imported${round}` });
    return {
      write: async (gateway) => {
        writeFileSync(path, Array.from({ length: IMPORTED }, (_, index) => mail(index)).join(''));
        await import_(gateway).catch(() => {});
      },
      check: async (client, gateway) => {
        await import_(gateway);
        assert.equal(await countOf(client, `imported${round}`), IMPORTED);
        await client.command(`s SELECT imported${round}`);
        const [found] = await client.command('f SEARCH RETURN (COUNT) LARGER 1000000');
        assert.match(found, /COUNT 6$/);
      },
    };
  }
});

async function logIn(gateway: GatewayProcess): Promise<LineClient> {
  const client = await LineClient.connect(gateway.ready.imap.port);
  const { user, password } = gateway.ready.login;
  await client.command(`l LOGIN "${user}" "${password}"`);
  return client;
}

/** Does it again and again until there is nobody to talk to. */
async function untilBroken(gateway: GatewayProcess, work: (client: LineClient) => Promise<void>): Promise<void> {
  const client = await logIn(gateway).catch(() => null);
  try {
    while (client !== null) await work(client);
  } catch (error) {
    assert.match((error as Error).message, /closed the connection/);
  }
}

async function countOf(client: LineClient, folder: string): Promise<number> {
  const [line] = await client.command(`n STATUS ${folder} (MESSAGES)`);
  return Number(/MESSAGES (\d+)/.exec(line)?.[1]);
}

function appending(folder: string, count: number, from: number): string {
  const messages = Array.from(
    { length: count },
    (_, index) => `Message-ID: <${folder}.${from + index}@x>\r\nSubject: ${from + index}\r\n\r\ntext\r\n`,
  );
  return `a APPEND ${folder}${messages.map((message) => ` {${message.length}+}\r\n${message}`).join('')}`;
}
