#!/usr/bin/env node
/** The command `postern`: reads the command line, does what it says, and ends with an exit code that scripts can tell apart. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ConfigError } from '../config.js';
import { OPERATIONS } from '../control/operations.js';
import { type CommandLine, parseCommandLine } from './command-line.js';
import { askDaemon } from './daemon-client.js';
import { defaultDataDirectory } from './data-directory.js';
import { EXIT, Failure } from './failure.js';
import { helpText } from './help-text.js';

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
      return EXIT.done;
    case 'version':
      process.stdout.write(`postern ${version()}\n`);
      return EXIT.done;
    case 'start':
      // Loaded here: the whole house, which no other command needs.
      await (await import('./start.js')).runGateway(command, dataDirectory);
      return EXIT.done;
    case 'operation': {
      const answer = await askDaemon(dataDirectory, command.operation.name, command.values);
      process.stdout.write(`${command.json ? JSON.stringify(answer.value) : answer.text}\n`);
      return EXIT.done;
    }
  }
}

/** The one place where an error becomes words on a terminal and an exit code. */
function explain(error: unknown): number {
  const [code, text] = ((): [number, string] => {
    if (error instanceof Failure) return [error.exitCode, error.message];
    if (error instanceof ConfigError) return [EXIT.config, error.message];
    return [EXIT.internal, error instanceof Error ? (error.stack ?? error.message) : String(error)];
  })();
  process.stderr.write(`postern: ${text}\n${code === EXIT.usage ? '"postern help" lists all commands.\n' : ''}`);
  return code;
}

function version(): string {
  return (JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { version: string }).version;
}

process.exitCode = await main(process.argv.slice(2));
