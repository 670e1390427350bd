/**
 * The interoperability run: Postern against real Bitmessage programs on loopback.
 *
 *   npm run interop -- --pybitmessage DIR [--minode DIR] [--notbit DIR] [--stock] [--full-pow] [--only WORD] [--report FILE] [--keep]
 *
 * DIR: a checkout of that program (of notbit: a built one). --stock leaves PyBitmessage's own delays and its own TLS as they are.
 * Difficulty is lowered but with --full-pow, which adds the network of all four programs (a quarter of an hour; notbit knows no other).
 * --only: networks whose name contains the word. Prints a line for each step; the exit code is the number of failures.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { SLOWEST_MS } from './checks.js';
import { conversation } from './conversation.js';
import { Lab } from './lab.js';
import { chain, direct, stealth, throughMiNode, variants } from './networks.js';
import { Report } from './report.js';

/** What a stock PyBitmessage needs for a message and its acknowledgement, with room for its slowest timers. */
const STEP_TIMEOUT_MS = 300_000;
/** At full difficulty, on a machine with other work: a pubkey's proof of work takes a minute or two, and acks and pubkeys are held back. */
const FULL_POW_TIMEOUT_MS = SLOWEST_MS;

const { values: options } = parseArgs({
  options: {
    pybitmessage: { type: 'string' },
    minode: { type: 'string' },
    notbit: { type: 'string' },
    stock: { type: 'boolean', default: false },
    'full-pow': { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    report: { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
});
if (options.pybitmessage === undefined) {
  console.error('usage: npm run interop -- --pybitmessage DIR [--minode DIR] [--notbit DIR] [--stock] [--full-pow] [--report FILE]');
  process.exit(64);
}
const sources = {
  pybitmessage: options.pybitmessage,
  ...(options.minode === undefined ? {} : { minode: options.minode }),
  ...(options.notbit === undefined ? {} : { notbit: options.notbit }),
};

interface PlannedNetwork {
  readonly name: string;
  readonly fullPow?: boolean;
  readonly run: (report: Report, lab: Lab) => Promise<void>;
}

const networks: readonly PlannedNetwork[] = [
  { name: 'PyBitmessage dials Postern, TLS', run: (report, lab) => direct(report, lab, true) },
  { name: 'PyBitmessage dials Postern, plain', run: (report, lab) => direct(report, lab, false) },
  { name: 'A conversation with PyBitmessage', run: conversation },
  { name: 'Old addresses, encodings, demands', run: variants },
  { name: 'Acks that hide, an old chan', run: stealth },
  ...(options.minode === undefined
    ? []
    : ([
        { name: 'Postern dials MiNode, PyBitmessage dials MiNode', run: (report, lab) => throughMiNode(report, lab, 'the gateway dials') },
        { name: 'MiNode dials Postern, PyBitmessage dials MiNode', run: (report, lab) => throughMiNode(report, lab, 'MiNode dials') },
      ] satisfies PlannedNetwork[])),
  ...(options['full-pow'] && options.minode !== undefined && options.notbit !== undefined
    ? [{ name: 'Postern, MiNode, PyBitmessage, notbit, Postern in a row, full difficulty', fullPow: true, run: chain }]
    : []),
];

const root = mkdtempSync(join(tmpdir(), 'postern-interop-'));
const report = new Report();
for (const [index, { name, fullPow = false, run }] of networks.entries()) {
  if (!name.includes(options.only)) continue;
  const directory = join(root, String(index));
  mkdirSync(directory);
  const lab = new Lab({ directory, sources, stock: options.stock, fullPow });
  report.beginNetwork(name, fullPow ? FULL_POW_TIMEOUT_MS : STEP_TIMEOUT_MS);
  await run(report, lab).catch((error: unknown) => report.broke(error));
  await lab.end();
}
if (options.report !== undefined) {
  const timers = options.stock ? 'PyBitmessage with its own timers, stem, tags and TLS' : 'PyBitmessage with shortened timers';
  const difficulty = "a hundredth of the main network's difficulty where it is not called full";
  report.write(options.report, `${timers}, ${difficulty}`);
}
console.log(report.failures === 0 ? '\nall passed' : `\n${report.failures} failed`);
if (options.keep || report.failures > 0) console.log(`logs: ${root}`);
else rmSync(root, { recursive: true });
process.exit(report.failures);
