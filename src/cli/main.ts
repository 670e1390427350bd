#!/usr/bin/env node
/** The command `postern`: reads the command line, does what it says, and ends with an exit code that scripts can tell apart. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ConfigError } from '../config.js';
import { OPERATIONS } from '../control/operations.js';
import { StartError } from '../gateway.js';
import { type CommandLine, parseCommandLine, UsageError } from './command-line.js';
import { askDaemon, DaemonRefusal, NoDaemonError } from './daemon-client.js';
import { defaultDataDirectory } from './data-directory.js';
import { helpText } from './help-text.js';
import { runGateway } from './start.js';

/** As in BSD's sysexits, which scripts and service managers know. */
const EXIT_REFUSED = 1;
const EXIT_USAGE = 64;
const EXIT_NO_DAEMON = 69;
const EXIT_INTERNAL = 70;
const EXIT_CANNOT_START = 75;
const EXIT_CONFIG = 78;

async function main(words: readonly string[]): Promise<number> {
  const ownDirectory = defaultDataDirectory(process.platform, process.env);
  try {
    const command = parseCommandLine(words, OPERATIONS);
    return await run(command, resolve(('data' in command && command.data) || ownDirectory), ownDirectory);
  } catch (error) {
    return explain(error);
  }
}

async function run(command: CommandLine, dataDirectory: string, ownDirectory: string): Promise<number> {
  switch (command.kind) {
    case 'help':
      process.stdout.write(helpText(OPERATIONS, ownDirectory));
      return 0;
    case 'version':
      process.stdout.write(`postern ${version()}\n`);
      return 0;
    case 'start':
      await runGateway(command, dataDirectory);
      return 0;
    case 'operation': {
      const answer = await askDaemon(dataDirectory, command.operation.name, command.values);
      process.stdout.write(`${command.json ? JSON.stringify(answer.value) : answer.text}\n`);
      return 0;
    }
  }
}

/** The one place where an error becomes words on a terminal and an exit code. */
function explain(error: unknown): number {
  const [code, text] = ((): [number, string] => {
    if (error instanceof UsageError) return [EXIT_USAGE, `${error.message}\n"postern help" lists all commands.`];
    if (error instanceof ConfigError) return [EXIT_CONFIG, error.message];
    if (error instanceof StartError) return [EXIT_CANNOT_START, error.message];
    if (error instanceof NoDaemonError) return [EXIT_NO_DAEMON, error.message];
    if (error instanceof DaemonRefusal) return [EXIT_REFUSED, error.message];
    return [EXIT_INTERNAL, error instanceof Error ? (error.stack ?? error.message) : String(error)];
  })();
  process.stderr.write(`postern: ${text}\n`);
  return code;
}

function version(): string {
  return (JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { version: string }).version;
}

process.exitCode = await main(process.argv.slice(2));
