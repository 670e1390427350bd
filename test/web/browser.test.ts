/** The local page of a real gateway in a real browser: a person's clicks, on a screen and on a telephone, in light and dark. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatWif } from '../../src/bitmessage/crypto/wif.js';
import { Chromium, findChromium } from '../support/chromium.js';
import { explainFailure, type GatewayProcess, Rig } from '../support/gateway-rig.js';
import { until } from '../support/nodes.js';

const PAGES = ['/', '/addresses', '/groups', '/contacts', '/setup', '/setup/mutt', '/backup', '/health'];
const SOMEBODY = 'BM-2cWy7cvHoq3f1rYMerRJp8PT653jjSuEdY';

describe('local page in a browser', function () {
  this.timeout(90_000);
  const rig = new Rig();
  let gateway: GatewayProcess;
  let chromium: Chromium | undefined;
  let origin: string;
  /** Encrypting the keys takes it out of what the gateway prints. */
  let password: string;

  before(async function () {
    const program = findChromium();
    // Chromium is no part of Postern: where it is not installed, nothing can be said of browsers.
    if (program === undefined) return this.skip();
    [gateway, chromium] = await Promise.all([rig.start(['web.port=0']), Chromium.open(program)]);
    password = gateway.ready.login.password;
    const { url } = (await gateway.ask('page')) as { url: string };
    origin = new URL(url).origin;
    await chromium.appear(1000, 760, 'light');
    await chromium.go(url);
  });
  afterEach(function () {
    explainFailure(rig, this.currentTest);
  });
  after(async () => {
    await chromium?.close();
    await rig.end();
  });
  const text = async (selector: string): Promise<string> =>
    String(await chromium!.look(`document.querySelector(${JSON.stringify(selector)})?.textContent ?? ''`));

  it('opens by the address that was printed, once, and keeps the ticket out of sight', async () => {
    assert.equal(await chromium!.look('location.href'), `${origin}/`);
    assert.equal(await text('h1'), 'Status');
    assert.equal(await chromium!.look('document.cookie'), '');
  });

  it('makes an address, and names it anew', async () => {
    await chromium!.go(`${origin}/addresses`);
    await chromium!.type('.sheet input[name=label]', 'Wörk & <b>');
    await chromium!.follow('.sheet button');
    const made = await text('.notice');
    assert.match(made, /^BM-\w+$/);
    assert.ok((await text('main')).includes('Wörk & <b>'));
    const card = `.card:has(input[value="${made}"])`;
    await chromium!.click(`${card} summary`);
    await chromium!.type(`${card} input[name=label]`, ' 2');
    await chromium!.follow(`${card} button`);
    const { identities } = (await gateway.ask('identity list')) as { identities: { address: string; label: string }[] };
    assert.equal(identities.find(({ address }) => address === made)?.label, 'Wörk & <b> 2');
  });

  it('makes a mailing list, ends it, gives an address up after a tick, and takes it back', async () => {
    const { address } = await gateway.ask('identity new', { label: 'Spare' });
    const card = `.card:has(input[value="${address}"])`;
    const open = async (summary: number): Promise<void> => {
      await chromium!.go(`${origin}/addresses`);
      await chromium!.click(`${card} details:nth-of-type(${summary}) summary`);
    };
    await open(2);
    await chromium!.type(`${card} input[name=name]`, 'Gardeners');
    await chromium!.follow(`${card} form[action="/do/list/make"] button`);
    assert.match(await text('.notice.good'), /is the mailing list "Gardeners" now/);
    await open(2);
    await chromium!.follow(`${card} form[action="/do/list/end"] button`);
    assert.match(await text('.notice.good'), /is an ordinary address again/);
    await open(3);
    await chromium!.click(`${card} form[action="/do/identity/delete"] button`);
    assert.equal(await chromium!.look('document.querySelector(":invalid[name=yes]") !== null'), true, 'the tick is asked for');
    await chromium!.click(`${card} input[name=yes]`);
    await chromium!.follow(`${card} form[action="/do/identity/delete"] button`);
    assert.match(await text('.notice.good'), /^Deleted BM-\w+ \(Spare\)/);
    assert.equal(await chromium!.look(`document.querySelector('${card}')`), null);
    await chromium!.follow('form[action="/do/identity/undelete"] button');
    assert.match(await text('.notice.good'), /is yours again/);
  });

  it('takes over keys and what other programs kept', async () => {
    const [signing, encryption] = [7, 8].map((byte) => formatWif(new Uint8Array(32).fill(byte)));
    await chromium!.go(`${origin}/backup`);
    await chromium!.type('input[name=signing]', signing);
    await chromium!.type('input[name=encryption]', encryption);
    await chromium!.follow('form[action="/do/import/wif"] button');
    const address = await text('.notice.good');
    assert.match(address, /^BM-\w+$/);
    const directory = rig.directory();
    const keys = `[bitmessagesettings]\nsettingsversion = 10\n[${address}]\nlabel = Old\nenabled = true\nprivsigningkey = ${signing}\nprivencryptionkey = ${encryption}\n`;
    writeFileSync(join(directory, 'keys.dat'), keys);
    await chromium!.choose('form[action="/put/import/notbit"] input[type=file]', join(directory, 'keys.dat'));
    await chromium!.follow('form[action="/put/import/notbit"] button');
    assert.match(await text('.notice.good'), /^identities {2}0 new {2}1 known already$/m);
    await chromium!.type('input[name=directory]', directory);
    await chromium!.follow('form[action="/do/import/pybitmessage"] button');
    assert.match(await text('.notice.good'), /^identities {2}0 new {2}1 known already$/m);
    await chromium!.type('input[name=directory]', join(directory, 'nowhere'));
    await chromium!.follow('form[action="/do/import/pybitmessage"] button');
    assert.match(await text('.notice.bad'), /^Not done: there is no directory/);
  });

  it('takes mail from a file of the browser', async () => {
    const path = join(rig.directory(), 'Altes & Neues.mbox');
    const mail = (n: number): string =>
      `From a Mon Jan  1 00:00:00 2024\nFrom: a@example.com\nSubject: Old ${n}\nMessage-ID: <${n}@example.com>\n\nText ${n}\n\n`;
    writeFileSync(path, mail(1) + mail(2));
    await chromium!.go(`${origin}/backup`);
    const form = 'form[action="/put/import/mbox"]';
    await chromium!.choose(`${form} input[type=file]`, path);
    await chromium!.follow(`${form} button`);
    assert.match(await text('.notice.good'), /^mails {2}2 new$/m);
    await chromium!.choose(`${form} input[type=file]`, path);
    await chromium!.follow(`${form} button`);
    assert.match(await text('.notice.good'), /^mails {2}0 new {2}2 known already$/m);
  });

  it('saves a backup, mail, addresses and, for the password, keys as files', async () => {
    const directory = rig.directory();
    await chromium!.saveTo(directory);
    await chromium!.go(`${origin}/backup`);
    const saved = async (pattern: RegExp): Promise<string> => {
      const find = (): string | undefined => readdirSync(directory).find((name) => pattern.test(name));
      await until(() => find() !== undefined, `a file ${pattern}`);
      return readFileSync(join(directory, find()!), 'latin1');
    };
    await chromium!.type('form[action="/get/backup"] input[name=passphrase]', 'correct horse battery');
    await chromium!.type('form[action="/get/backup"] input[name=passphrase-again]', 'correct horse battery');
    await chromium!.click('form[action="/get/backup"] button');
    assert.match(await saved(/^postern-[\d-]+\.age$/), /^age-encryption\.org\/v1\n-> scrypt /);
    await chromium!.click('form[action="/get/export/mbox"] button');
    assert.match(await saved(/^INBOX\.mbox$/), /^From .*^Subject: /ms);
    await chromium!.click('form[action="/get/export/addresses"] button');
    assert.match(await saved(/^postern-addresses-[\d-]+\.csv$/), /^kind,address,label\r\n/);
    await chromium!.type('form[action="/get/export/keys"] input[name=password]', password);
    await chromium!.click('form[action="/get/export/keys"] button');
    assert.match(await saved(/^keys\.dat$/), new RegExp(`^\\[${gateway.address}\\]\\r?\\n`, 'm'));
    await until(() => readdirSync(join(gateway.dataDirectory, 'downloads')).length === 0, 'nothing left behind');
    assert.equal(await text('h1'), 'Backup and keys');
  });

  it('joins a chan, subscribes, and leaves again', async () => {
    await chromium!.go(`${origin}/groups`);
    await chromium!.type('input[name=passphrase]', 'gardening');
    await chromium!.follow('form[action="/do/chan/join"] button');
    assert.match(await text('table'), /Chans\/gardening/);
    await chromium!.type('form[action="/do/subscribe"] input[name=address]', SOMEBODY);
    await chromium!.follow('form[action="/do/subscribe"] button');
    assert.match(await text('main'), new RegExp(`Subscriptions/${SOMEBODY}`));
    await chromium!.follow('form[action="/do/chan/leave"] button');
    assert.match(await text('.notice'), /Left gardening/);
    assert.deepEqual((await gateway.ask('chan list')).chans, []);
  });

  it('adds a contact, blocks and unblocks it, and says what it does not understand', async () => {
    await chromium!.go(`${origin}/contacts`);
    await chromium!.type('input[name=address]', SOMEBODY);
    await chromium!.type('input[name=name]', 'Alice');
    await chromium!.follow('.sheet button');
    assert.match(await text('table'), /Alice.*alice@bitmessage/s);
    await chromium!.follow('form[action="/do/block"] button');
    await chromium!.follow('form[action="/do/unblock"] button');
    assert.deepEqual((await gateway.ask('blocked')).blocked, []);
    await chromium!.type('input[name=address]', 'nonsense');
    await chromium!.type('input[name=name]', 'Bob');
    await chromium!.follow('.sheet button');
    assert.match(await text('.notice.bad'), /^Not done: "nonsense"/);
  });

  it('stops a mail that is on its way', async () => {
    await gateway.smtp().sendMail({
      from: `${gateway.address}@bitmessage`,
      to: `${SOMEBODY}@bitmessage`,
      subject: 'Waits',
      text: 'for the key',
    });
    await gateway.untilOutbox(({ state }) => state === 'awaiting-pubkey');
    await chromium!.go(origin);
    assert.match(await text('table'), /Alice.*waiting for the recipient's key/s);
    await chromium!.follow('form[action="/do/outbox/cancel"] button');
    assert.match(await text('.notice'), /will not be sent/);
    assert.match(await text('main'), /Nothing is on its way/);
  });

  it('names every field, and every button of a row after its row', async () => {
    await gateway.ask('chan join', { passphrase: 'one' });
    await gateway.ask('chan join', { passphrase: 'two' });
    for (const path of PAGES) {
      await chromium!.go(origin + path);
      const unnamed = 'input:not([type=hidden]), select';
      assert.equal(
        await chromium!.look(`[...document.querySelectorAll("${unnamed}")].filter(({ labels }) => labels.length === 0).length`),
        0,
      );
      const names = (await chromium!.look(
        '[...document.querySelectorAll("form.small button")].map((button) => button.ariaLabel ?? button.textContent)',
      )) as string[];
      assert.deepEqual(names, [...new Set(names)], path);
      const levels = (await chromium!.look('[...document.querySelectorAll("h1, h2")].map(({ tagName }) => tagName).join(" ")')) as string;
      assert.match(levels, /^H1( H2)*$/, path);
    }
    await gateway.ask('chan leave', { chan: 'one' });
    await gateway.ask('chan leave', { chan: 'two' });
  });

  it('asks the doctor', async () => {
    await chromium!.go(`${origin}/health`);
    await chromium!.follow('main form button');
    assert.match(await text('.notice'), /The imap ports answer/);
  });

  it('encrypts the keys, and unlocks them after a start', async () => {
    const PASSPHRASE = 'correct horse battery';
    await chromium!.go(`${origin}/backup`);
    await chromium!.type('form[action="/do/encrypt"] input[name=passphrase]', PASSPHRASE);
    await chromium!.type('form[action="/do/encrypt"] input[name=passphrase-again]', PASSPHRASE);
    await chromium!.follow('form[action="/do/encrypt"] button');
    assert.match(await text('.notice.good'), /Your private keys are encrypted/);
    await gateway.end('SIGTERM');
    gateway = await rig.start(['web.port=0'], gateway.dataDirectory);
    const { url } = (await gateway.ask('page')) as { url: string };
    origin = new URL(url).origin;
    await chromium!.go(url);
    await chromium!.type('form[action="/do/unlock"] input[name=passphrase]', PASSPHRASE);
    await chromium!.follow('form[action="/do/unlock"] button');
    assert.match(await text('.notice.good'), /Unlocked/);
    await chromium!.go(`${origin}/backup`);
    await chromium!.type('form[action="/do/decrypt"] input[name=passphrase]', PASSPHRASE);
    await chromium!.follow('form[action="/do/decrypt"] button');
    assert.match(await text('.notice.good'), /not encrypted any more/);
  });

  for (const [language, heading] of [
    ['en', 'Your addresses'],
    ['de', 'Ihre Adressen'],
  ])
    it(`speaks ${language}, fits a telephone, reads nothing from elsewhere, and is dark where that is wanted`, async () => {
      await chromium!.speak(language);
      await chromium!.go(`${origin}/addresses`);
      assert.equal(await text('h1'), heading);
      assert.equal(await chromium!.look('document.documentElement.lang'), language);
      for (const path of PAGES) {
        await chromium!.appear(360, 740, 'light', true);
        await chromium!.go(origin + path);
        const [width, foreign, light] = (await chromium!.look(
          '[document.documentElement.scrollWidth, performance.getEntriesByType("resource").filter(({ name }) => !name.startsWith(location.origin)).length, getComputedStyle(document.body).backgroundColor]',
        )) as [number, number, string];
        assert.ok(width <= 360, `${path} is ${width} wide`);
        assert.equal(foreign, 0, path);
        await chromium!.appear(360, 740, 'dark', true);
        assert.notEqual(await chromium!.look('getComputedStyle(document.body).backgroundColor'), light);
      }
      await chromium!.speak('en');
    });

  it('closes, and opens again with the password alone', async () => {
    await chromium!.go(origin);
    await chromium!.follow('footer button');
    assert.equal(await text('h1'), 'Closed');
    await chromium!.type('input[name=password]', 'wrong');
    await chromium!.follow('form[action="/login"] button');
    assert.match(await text('.notice.bad'), /not the password/);
    await chromium!.type('input[name=password]', password);
    await chromium!.follow('form[action="/login"] button');
    assert.equal(await text('h1'), 'Status');
  });
});
