/**
 * The pictures of the local page, from a real gateway in a real browser, in light and dark and on a telephone's width.
 * Run `node dist/test/pictures/page.js DIRECTORY`; needs chromium, and imagemagick.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Chromium, findChromium } from '../support/chromium.js';
import { Rig } from '../support/gateway-rig.js';
import { furnish } from './mailbox.js';

const [directory = '.'] = process.argv.slice(2);
mkdirSync(directory, { recursive: true });
const program = findChromium();
if (program === undefined) throw new Error('chromium is not installed');
const rig = new Rig();
const chromium = await Chromium.open(program);
try {
  const gateway = await furnish(rig, ['web.port=0']);
  await gateway.ask('identity set', { address: gateway.address, label: 'Me' });
  const { url } = (await gateway.ask('page')) as { url: string };
  await chromium.go(url);
  const origin = new URL(url).origin;
  for (const [name, path, width, scheme] of [
    ['page', '/', 1000, 'light'],
    ['page-addresses', '/addresses', 1000, 'light'],
    ['page-groups', '/groups', 1000, 'light'],
    ['page-contacts', '/contacts', 1000, 'light'],
    ['page-setup', '/setup', 1000, 'light'],
    ['page-backup', '/backup', 1000, 'light'],
    ['page-dark', '/', 1000, 'dark'],
    ['page-phone', '/', 390, 'light'],
    ['page-phone-addresses', '/addresses', 390, 'dark'],
  ] as const) {
    await chromium.appear(width, width === 390 ? 844 : 760, scheme, width === 390);
    await chromium.go(origin + path);
    await keep(name);
  }
  await chromium.appear(1000, 700, 'light');
  await chromium.go(`${origin}/health`);
  await chromium.follow('main form button');
  await keep('page-health');
} finally {
  await chromium.close();
  await rig.end();
}

async function keep(name: string): Promise<void> {
  const target = `PNG8:${join(directory, `${name}.png`)}`;
  execFileSync('convert-im6.q16', ['png:-', '+dither', '-colors', '128', target], { input: await chromium.picture() });
  process.stdout.write(`${name}.png\n`);
}
