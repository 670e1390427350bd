/** Programs that keep a copy of the mailbox on the disk: changes on both sides meet, and nothing moves any more after that. */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ImapFlow } from 'imapflow';
import { type GatewayProcess, rigOfSuite } from '../support/gateway-rig.js';
import { Account, isInstalled } from '../support/mail-client.js';
import { readFolder, type SeenMail } from '../support/mailbox-watch.js';
import { mbsync, offlineimap, type SyncProgram } from '../support/sync-programs.js';

describe('mail clients, syncing', function () {
  this.timeout(90_000);
  const rig = rigOfSuite();
  let gateway: GatewayProcess;
  before(async () => {
    gateway = await rig.start();
  });

  for (const program of [mbsync, offlineimap]) {
    for (const encryption of program.encryptions) {
      const installed = isInstalled(program.name);
      (installed ? it : it.skip)(`${program.name}, ${encryption}${installed ? '' : ' (not installed)'}`, async () => {
        const user = encryption === 'none' ? gateway.ready.login.user : `${gateway.address}@bitmessage`;
        const client = await rig.imap(gateway, user);
        const folder = `${program.name} ${encryption} Ü`;
        await seed(client, folder);
        const account = new Account(gateway, encryption, user);
        try {
          await syncBothWays(program, account, client, folder);
        } finally {
          account.remove();
        }
      });
    }
  }
});

async function syncBothWays(program: SyncProgram, account: Account, client: ImapFlow, folder: string): Promise<void> {
  const maildir = join(account.home, 'Mail');
  mkdirSync(maildir);
  const file = account.file('configuration', program.configuration(account, maildir));
  const sync = (): Promise<string> => account.run(program.name, program.words(file));
  await sync();
  const [near] = readdirSync(maildir).filter((name) => name.startsWith(`${program.name} ${encryptionOf(folder)}`));
  const at = (name: string): string => join(maildir, near, name);
  const mails = (): string[] => [
    ...readdirSync(at('cur')).map((name) => at(`cur/${name}`)),
    ...readdirSync(at('new')).map((name) => at(`new/${name}`)),
  ];
  assert.equal(mails().length, 4);

  // Here: one flagged, one deleted, one new. There: one answered, one deleted, one new.
  const byUid = (uid: number): string => mails().find((path) => path.includes(`,U=${uid}`) && !path.includes(`,U=${uid}0`))!;
  const flagged = byUid(1).split('/').at(-1)!.split(':')[0];
  renameSync(byUid(1), at(`cur/${flagged}:2,FS`));
  rmSync(byUid(2));
  writeFileSync(at('new/1.2.here'), 'Subject: written here\n\nhello\n');
  const lock = await client.getMailboxLock(folder);
  await client.messageFlagsAdd('3', ['\\Answered'], { uid: true });
  await client.messageDelete('4', { uid: true });
  lock.release();
  await client.append(folder, 'Subject: written there\r\n\r\nhello\r\n');

  await sync();
  await sync();
  const look = async (): Promise<SeenMail[]> => {
    // Else the news of the program's changes come among the answers, as mails without a subject.
    await client.noop();
    return readFolder(client, folder);
  };
  const state = async (): Promise<unknown> => [
    (await look()).map(({ uid, subject, flags }) => [uid, subject, [...flags].sort()]),
    mails().sort(),
  ];
  const converged = await state();
  await sync();
  assert.deepEqual(await state(), converged, 'nothing moves any more');
  const far = await look();
  assert.deepEqual(far.map(({ subject }) => subject).sort(), ['mail 1', 'mail 3', 'written here', 'written there']);
  const flagsOf = (subject: string): string[] =>
    [...far.find((mail) => mail.subject === subject)!.flags].filter((flag) => flag !== '\\Recent').sort();
  assert.deepEqual(flagsOf('mail 1'), ['\\Flagged', '\\Seen']);
  assert.deepEqual(flagsOf('mail 3'), ['\\Answered']);
  assert.equal(mails().length, 4);
  assert.ok(mails().some((path) => path.endsWith(':2,R')));
}

async function seed(client: ImapFlow, folder: string): Promise<void> {
  await client.mailboxCreate(folder);
  for (const number of [1, 2, 3, 4])
    await client.append(folder, `Subject: mail ${number}\r\nMessage-ID: <${number}@seed>\r\n\r\nText ${number}\r\n`);
}

/** The name of a folder on the disk is in UTF-7: its beginning is plain. */
function encryptionOf(folder: string): string {
  return folder.split(' ')[1];
}
