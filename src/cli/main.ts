#!/usr/bin/env node
/** The command `postern`. Looks first whether this Node.js can run it at all: an old one would only say where it stumbled. */
import { nodeProblem } from './node-version.js';

/** EXIT.config, which nothing but this file needs before the rest is loaded. */
const EXIT_CONFIG = 78;

const problem = nodeProblem(process.versions.node);
if (problem === undefined) {
  const { main } = await import('./run.js');
  process.exitCode = await main(process.argv.slice(2));
} else {
  process.stderr.write(`postern: ${problem}\n`);
  process.exitCode = EXIT_CONFIG;
}
