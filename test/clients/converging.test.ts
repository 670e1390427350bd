/** Programs that keep a copy of the mailbox: after random changes on both sides one run makes them equal, and the next changes nothing. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ImapFlow } from 'imapflow';
import { AccountSide } from '../support/account-side.js';
import { type GatewayProcess, rigOfSuite } from '../support/gateway-rig.js';
import { Account, type Encryption, isInstalled } from '../support/mail-client.js';
import { describeState } from '../support/mail-side.js';
import { untilMail } from '../support/mailbox-watch.js';
import { MaildirSide } from '../support/maildir-side.js';
import { type Generator, generator } from '../support/random.js';
import { type Player, RoundOfChanges } from '../support/random-changes.js';
import { type AccountsProgram, interimap, mbsync, mbsyncBetween, offlineimap, type SyncProgram } from '../support/sync-programs.js';

/** More by hand: POSTERN_ROUNDS=50. */
const ROUNDS = Number(process.env.POSTERN_ROUNDS ?? 10);
const MOST_CHANGES = 6;
const SYSTEM_FLAGS = ['\\Seen', '\\Flagged', '\\Answered', '\\Draft'];

interface Arena {
  readonly near: Player;
  readonly far: Player;
  readonly sync: () => Promise<string>;
}

describe('mail clients, staying converged', function () {
  this.timeout(20_000 + ROUNDS * 15_000);
  const rig = rigOfSuite();
  const homes: Account[] = [];
  let gateway: GatewayProcess;
  before(async () => {
    gateway = await rig.start();
  });
  after(() => {
    for (const home of homes) home.remove();
  });
  const accountOf = (of: GatewayProcess, encryption: Encryption = 'none', user = of.ready.login.user): Account => {
    const account = new Account(of, encryption, user);
    homes.push(account);
    return account;
  };

  /** Maildirs here, the gateway there. */
  const inMaildirs = async (program: SyncProgram, encryption: Encryption, user?: string): Promise<Arena> => {
    const account = accountOf(gateway, encryption, user);
    const maildir = join(account.home, 'Mail');
    mkdirSync(maildir);
    const file = account.file('configuration', program.configuration(account, maildir));
    const flags = [...SYSTEM_FLAGS, ...program.keywords.bothWays];
    const { removesFolders } = program;
    const far = new AccountSide('far', () => gateway.imap(user));
    return {
      near: { side: new MaildirSide(maildir, program.spelling), flags, removesFolders },
      far: { side: far, flags: [...flags, ...program.keywords.fromServer], removesFolders },
      sync: () => account.run(program.name, program.words(file)),
    };
  };
  /** A second gateway here. */
  const inAccounts = async (program: AccountsProgram): Promise<Arena> => {
    const other = await rig.start();
    const account = accountOf(gateway);
    const file = account.file('configuration', program.configuration(accountOf(other), account));
    const flags = [...SYSTEM_FLAGS, ...program.keywords];
    const playerOn = (name: string, on: GatewayProcess): Player => ({
      side: new AccountSide(name, () => on.imap(), isOfTheGateway),
      flags,
      removesFolders: program.removesFolders,
    });
    return {
      near: playerOn('near', other),
      far: playerOn('far', gateway),
      sync: () => account.run(program.name, program.words(file)),
    };
  };
  const arenas: readonly (readonly [name: string, program: string, enter: () => Promise<Arena>])[] = [
    ['mbsync', 'mbsync', () => inMaildirs(mbsync, 'starttls')],
    ['offlineimap as one identity', 'offlineimap', () => inMaildirs(offlineimap, 'implicit', `${gateway.address}@bitmessage`)],
    ['mbsync between two gateways', 'mbsync', () => inAccounts(mbsyncBetween)],
    ['interimap between two gateways', 'interimap', () => inAccounts(interimap)],
  ];

  for (const [name, program, enter] of arenas) {
    const numbers = generator();
    const installed = isInstalled(program);
    const title = `${name}, ${ROUNDS} rounds (POSTERN_SEED=${numbers.seed})${installed ? '' : ' (not installed)'}`;
    (installed ? it : it.skip)(title, async () => {
      const watch = await rig.imap(gateway);
      await play(await enter(), (round) => deliverOne(gateway, watch, `${name}, round ${round}`), numbers);
    });
  }
});

/** What is in it depends on what its gateway does. */
function isOfTheGateway(path: string): boolean {
  return ['Outbox', 'Chans', 'Subscriptions'].includes(path.split('/')[0]);
}

/** A mail to oneself, through the node, until nothing more will happen to it. */
async function deliverOne(gateway: GatewayProcess, watch: ImapFlow, subject: string): Promise<void> {
  const address = `${gateway.address}@bitmessage`;
  await gateway.smtp().sendMail({ from: address, to: address, subject, text: 'Grüße vom Netz' });
  await untilMail(watch, 'INBOX', (mail) => mail.subject === subject);
  await untilMail(watch, 'Sent', (mail) => mail.subject === subject && mail.flags.has('$Delivered'));
}

async function play({ near, far, sync }: Arena, deliver: (round: number) => Promise<void>, numbers: Generator): Promise<void> {
  const look = async ({ side }: Player): Promise<Record<string, string[]>> => {
    const state = describeState(await side.read(), (flag) => far.flags.includes(flag));
    await side.leave();
    return state;
  };
  await sync();
  for (let round = 0; round < ROUNDS; round++) {
    if (numbers.below(3) === 0) await deliver(round);
    const changes = new RoundOfChanges(numbers);
    for (const player of [near, far]) {
      for (let count = 1 + numbers.below(MOST_CHANGES); count > 0; count--) await changes.change(player);
      await player.side.leave();
    }
    const story = `round ${round}: ${changes.story.join('; ')}`;
    const said = await sync();
    const equal = await look(near);
    assert.deepEqual(equal, await look(far), `${story}\n${said}`);
    const saidAgain = await sync();
    assert.deepEqual([await look(near), await look(far)], [equal, equal], `${story}: the second run changes something\n${saidAgain}`);
  }
}
