/**
 * The pictures of docs/first-steps.md: a new user sets up a new Thunderbird by hand, and writes, answers, joins, subscribes and
 * searches. Run `node dist/test/pictures/first-steps.js DIRECTORY`; needs thunderbird, xvfb, openbox, xdotool, imagemagick, dbus.
 */
import { mkdirSync } from 'node:fs';
import { type GatewayProcess, Rig } from '../support/gateway-rig.js';
import { untilMail } from '../support/mailbox-watch.js';
import { Desktop } from './desktop.js';
import { Thunderbird } from './thunderbird.js';

const WIDTH = 1200;
const HEIGHT = 760;
/** The ports of config/default.toml, as the guide names them. */
const PORTS = ['imap.port=1143', 'imap.tls_port=1993', 'smtp.port=1587', 'smtp.tls_port=1465'];
const FOLDER = 'li[is="folder-tree-row"] .name';

const [directory = '.'] = process.argv.slice(2);
mkdirSync(directory, { recursive: true });
const rig = new Rig();
const desktop = await Desktop.open(directory, WIDTH, HEIGHT);
try {
  const alice = await rig.start(PORTS);
  const bob = await rig.start([alice.asPeer]);
  const thunderbird = await Thunderbird.open(desktop, rig.directory());
  try {
    await setUp(thunderbird, alice);
    await write(thunderbird, alice, bob);
    await readAnswer(thunderbird, alice, bob);
    await beRefused(thunderbird);
    await joinChan(thunderbird, alice, bob);
    await subscribe(thunderbird, alice, bob);
    await search(thunderbird);
  } catch (error) {
    process.stderr.write(`${String(error)}\n`);
    process.exitCode = 1;
    await desktop.picture('where-it-stopped');
  } finally {
    thunderbird.close();
  }
} finally {
  await desktop.close();
  await rig.end();
}

async function setUp(thunderbird: Thunderbird, { address, ready }: GatewayProcess): Promise<void> {
  await thunderbird.fill('#realName', 'Alice');
  await thunderbird.fill('#email', `${address}@bitmessage`);
  await desktop.picture('first-steps-account');
  await thunderbird.press('#forward');
  await thunderbird.fill('#incomingHostname', 'localhost');
  await thunderbird.fill('#incomingPort', String(ready.imap.port));
  await thunderbird.fill('#incomingUsername', ready.login.user);
  await desktop.picture('first-steps-incoming');
  await thunderbird.press('#forward');
  await thunderbird.fill('#outgoingHostname', 'localhost');
  await thunderbird.fill('#outgoingPort', String(ready.smtp.port));
  await thunderbird.fill('#outgoingUsername', ready.login.user);
  await thunderbird.press('#custom', 'Test');
  await thunderbird.find({ selector: '*', text: 'The following settings were found' });
  await desktop.picture('first-steps-outgoing');
  await thunderbird.press('#forward');
  await thunderbird.fill('#password', ready.login.password);
  await thunderbird.press('#rememberPassword');
  await thunderbird.press('#forward');
  await thunderbird.find({ selector: 'button', text: 'Confirm Security' });
  await desktop.picture('first-steps-certificate');
  await thunderbird.press('button', 'Confirm Security');
  await thunderbird.press('#forward', 'Finish');
  await thunderbird.press(FOLDER, 'Inbox');
  await thunderbird.press('tr', 'Postern');
  await desktop.picture('first-steps-welcome');
}

async function write(thunderbird: Thunderbird, alice: GatewayProcess, bob: GatewayProcess): Promise<void> {
  await compose(thunderbird, `${bob.address}@bitmessage`, 'Hello Bob', 'My first Bitmessage. Did it arrive?');
  await desktop.picture('first-steps-writing');
  await thunderbird.press('#button-send');
  // The certificate was accepted for reading alone: the first sending fails, and Thunderbird asks again.
  await thunderbird.press('button', 'OK');
  await thunderbird.press('button', 'Confirm Security');
  await thunderbird.press('#button-send');
  await untilMail(await rig.imap(alice), 'Sent', ({ flags }) => flags.has('$Delivered'));
  await addTag(thunderbird, '$Delivered');
  await thunderbird.press(FOLDER, 'Sent');
  await thunderbird.press('tr', bob.address);
  await desktop.picture('first-steps-delivered');
}

async function readAnswer(thunderbird: Thunderbird, alice: GatewayProcess, bob: GatewayProcess): Promise<void> {
  const { source } = await untilMail(await rig.imap(bob), 'INBOX', ({ subject }) => subject === 'Hello Bob');
  const messageId = /^Message-ID:\s*(<[^>]+>)/im.exec(source)![1];
  await bob.smtp().sendMail({
    from: `${bob.address}@bitmessage`,
    to: `${alice.address}@bitmessage`,
    subject: 'Re: Hello Bob',
    inReplyTo: messageId,
    references: messageId,
    text: 'Hello Alice,\n\nyes, it is here: no server in between, and nobody but us can read it.\nGrüße aus Köln!\n\nBob\n\n> My first Bitmessage. Did it arrive?\n',
  });
  await thunderbird.press(FOLDER, 'Inbox');
  await thunderbird.press('tr', bob.address);
  await desktop.picture('first-steps-answer');
}

async function beRefused(thunderbird: Thunderbird): Promise<void> {
  await compose(thunderbird, 'someone@gmail.com', 'Hello', 'Can this be?');
  await thunderbird.press('#button-send');
  await thunderbird.find({ selector: 'button', text: 'OK' });
  await desktop.picture('first-steps-refused');
  await thunderbird.press('button', 'OK');
  await desktop.key('ctrl+w');
  await thunderbird.press('button', 'Discard');
}

async function joinChan(thunderbird: Thunderbird, alice: GatewayProcess, bob: GatewayProcess): Promise<void> {
  const { address } = (await bob.ask('chan join', { passphrase: 'gardening' })) as { address: string };
  await newFolder(thunderbird, 'Chans', 'gardening', 'first-steps-new-folder');
  const arrives = untilMail(await rig.imap(alice), 'Chans/gardening', () => true);
  await bob.smtp().sendMail({
    from: `${bob.address}@bitmessage`,
    to: `${address}@bitmessage`,
    subject: 'Tomatoes in a cold summer?',
    text: 'Mine are still green. What do you do with them?\n',
  });
  await arrives;
  await thunderbird.press(FOLDER, 'gardening');
  await thunderbird.press('tr', 'BM-');
  await desktop.picture('first-steps-chan');
}

async function subscribe(thunderbird: Thunderbird, alice: GatewayProcess, bob: GatewayProcess): Promise<void> {
  await newFolder(thunderbird, 'Subscriptions', bob.address);
  const arrives = untilMail(await rig.imap(alice), `Subscriptions/${bob.address}`, () => true);
  await bob.smtp().sendMail({
    from: `${bob.address}@bitmessage`,
    to: 'broadcast@bitmessage',
    subject: 'Garden news, number 1',
    text: 'Dear readers,\n\neverybody who has the folder gets this.\n',
  });
  await arrives;
  await thunderbird.press(FOLDER, bob.address, 3);
  await thunderbird.press('#folderPaneContext-rename');
  await thunderbird.fill('#name', 'Garden news');
  await desktop.key('Return');
  await thunderbird.press(FOLDER, 'Garden news');
  await thunderbird.press('tr', bob.address);
  await desktop.picture('first-steps-subscription');
}

async function search(thunderbird: Thunderbird): Promise<void> {
  // The account itself, so that all its folders are searched; the server knows what stands in them.
  await thunderbird.press(FOLDER, 'BM-');
  await desktop.key('ctrl+shift+f');
  await thunderbird.press('#checkSearchOnline');
  await thunderbird.press('#searchAttr0');
  await desktop.type('Body');
  await desktop.key('Return');
  await thunderbird.fill('#searchVal0', 'green');
  await thunderbird.press('#search-button');
  await thunderbird.find({ selector: '*', text: '1 match found' });
  await desktop.picture('first-steps-search');
}

async function compose(thunderbird: Thunderbird, to: string, subject: string, text: string): Promise<void> {
  await thunderbird.press('#folderPaneWriteMessage');
  await thunderbird.press('#toAddrInput');
  await desktop.type(to);
  await desktop.key('Return');
  await thunderbird.fill('#msgSubject', subject);
  await thunderbird.press('#messageEditor');
  await desktop.type(text);
}

async function newFolder(thunderbird: Thunderbird, parent: string, name: string, picture?: string): Promise<void> {
  await thunderbird.press(FOLDER, parent, 3);
  await thunderbird.press('#folderPaneContext-new');
  await thunderbird.press('#name');
  await desktop.type(name);
  if (picture !== undefined) await desktop.picture(picture);
  await desktop.key('Return');
  await thunderbird.find({ selector: FOLDER, text: name });
}

/** Settings, Tags: what a person does there, without the way through three dialogs. */
async function addTag(thunderbird: Thunderbird, name: string): Promise<void> {
  const body = `const { MailServices } = ChromeUtils.importESModule('resource:///modules/MailServices.sys.mjs');
    MailServices.tags.addTag(given[0], '#2E9E44', '');`;
  await thunderbird.script(body, name);
}
