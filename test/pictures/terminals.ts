/**
 * The pictures of mail programs in a terminal, set up by what `postern setup` prints and nothing else.
 * Run `node dist/test/pictures/terminals.js DIRECTORY`; needs mutt, neomutt, aerc, alpine, xterm and what desktop.ts needs.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type GatewayProcess, Rig } from '../support/gateway-rig.js';
import { Desktop, settled } from './desktop.js';
import { furnish } from './mailbox.js';

const WIDTH = 960;
const HEIGHT = 500;
/** A login, a list of folders and a first mail over TLS. */
const CONNECT_MS = 6000;

interface Program {
  readonly name: string;
  readonly words: readonly string[];
  /** Typed after the start, one after the other; "@password" stands for it. */
  readonly keys: readonly string[];
}

const PROGRAMS: readonly Program[] = [
  { name: 'mutt', words: ['mutt'], keys: [] },
  { name: 'neomutt', words: ['neomutt'], keys: ['Return'] },
  { name: 'aerc', words: ['aerc'], keys: [] },
  { name: 'alpine', words: ['alpine', '-i'], keys: ['e', '@password', 'Return', 'n'] },
];

const [directory = '.', ...only] = process.argv.slice(2);
mkdirSync(directory, { recursive: true });
const rig = new Rig();
try {
  const alice = await furnish(rig);
  for (const program of PROGRAMS) if (only.length === 0 || only.includes(program.name)) await show(program, alice);
} finally {
  await rig.end();
}

async function show({ name, words, keys }: Program, gateway: GatewayProcess): Promise<void> {
  const home = rig.directory();
  const { files } = (await gateway.ask('setup', { client: name })) as { files: { name: string; text: string }[] };
  for (const file of files) {
    const path = join(home, file.name.replace(/^~\//, ''));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, file.text, { mode: 0o600 });
  }
  const desktop = await Desktop.open(directory, WIDTH, HEIGHT);
  try {
    const font = ['-fa', 'DejaVu Sans Mono', '-fs', '11', '-maximized', '-title', name, '-xrm', 'XTerm*scrollBar: false'];
    desktop.start('xterm', [...font, '-e', ...words], {
      HOME: home,
      TERM: 'xterm-256color',
      SSL_CERT_FILE: join(gateway.dataDirectory, 'certificates', 'ca.pem'),
    });
    await settled(CONNECT_MS);
    for (const key of keys) {
      await (key === '@password' ? desktop.type(gateway.ready.login.password) : desktop.key(key));
      await settled();
    }
    await settled(CONNECT_MS / 2);
    await desktop.picture(`client-${name}`);
  } finally {
    await desktop.close();
  }
}
