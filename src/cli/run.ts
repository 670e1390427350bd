/** Reads the command line, does what it says, and ends with an exit code that scripts can tell apart. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { shown, shownJson } from '../base/terminal-text.js';
import { type Config, ConfigError, loadConfig } from '../config.js';
import { lookWithoutGateway } from '../control/doctor/offline.js';
import { report } from '../control/doctor/report.js';
import { type Answer, type Arguments, type Command, ControlRefusal, checkArguments } from '../control/operation.js';
import { OFFLINE_OPERATIONS, OPERATIONS } from '../control/operations.js';
import { asTyped, commandName } from '../words/commands.js';
import type { Words } from '../words/words.js';
import { askSecret } from './ask-secret.js';
import { type CommandLine, parseCommandLine } from './command-line.js';
import { completionScript } from './completion.js';
import { askDaemon, NotRunning } from './daemon-client.js';
import { defaultDataDirectory, directoryProblem } from './data-directory.js';
import { EXIT, Failure } from './failure.js';
import { helpText } from './help-text.js';
import { manPage } from './man-page.js';
import { ownWords } from './own-words.js';
import { userFile } from './user-file.js';

const COMMANDS = [...OPERATIONS, ...OFFLINE_OPERATIONS];

export async function main(words: readonly string[]): Promise<number> {
  const ownDirectory = defaultDataDirectory(process.platform, process.env);
  let told = ownWords(ownDirectory, process.env);
  try {
    const command = parseCommandLine(words, COMMANDS);
    const dataDirectory = resolve(('data' in command && command.data) || ownDirectory);
    told = ownWords(dataDirectory, process.env);
    return await run(command, dataDirectory, ownDirectory, told);
  } catch (error) {
    return explain(error, told);
  }
}

async function run(command: CommandLine, dataDirectory: string, ownDirectory: string, words: Words): Promise<number> {
  switch (command.kind) {
    case 'help':
      process.stdout.write(helpText(COMMANDS, ownDirectory, command.about, words));
      return EXIT.done;
    case 'version':
      process.stdout.write(`postern ${version()}\n`);
      return EXIT.done;
    case 'completion':
      process.stdout.write(completionScript(command.shell, COMMANDS));
      return EXIT.done;
    case 'man':
      process.stdout.write(manPage(COMMANDS));
      return EXIT.done;
    case 'start':
      checkDirectory(dataDirectory);
      // Loaded here: the whole house, which no other command needs.
      await (await import('./start.js')).runGateway(command, dataDirectory);
      return EXIT.done;
    case 'operation': {
      const { operation, json } = command;
      checkDirectory(dataDirectory);
      const values = await complete(operation, command.values, words);
      const { answer, exitCode } = await answerTo(operation, values, dataDirectory, words, json ? undefined : showProgress);
      process.stdout.write(`${json ? shownJson(JSON.stringify(answer.value)) : shown(asTyped(answer.text, commandName(process.env)))}\n`);
      return exitCode;
    }
  }
}

/** @throws Failure or ControlRefusal */
async function answerTo(
  operation: Command,
  values: Arguments,
  dataDirectory: string,
  words: Words,
  progress?: (text: string) => void,
): Promise<{ answer: Answer; exitCode: number }> {
  const offline = OFFLINE_OPERATIONS.find((each) => each === operation);
  if (offline !== undefined)
    return {
      answer: await offline.run(checkArguments(operation, values), dataDirectory, words, (what) => progress?.(what(words))),
      exitCode: EXIT.done,
    };
  try {
    const answer = await askDaemon(dataDirectory, operation.name, values, { language: words.language, progress });
    // The doctor alone says it: something is wrong, and a script is to notice.
    return { answer, exitCode: answer.value.well === false ? EXIT.refused : EXIT.done };
  } catch (error) {
    if (!(error instanceof NotRunning) || operation.name !== 'doctor') throw error;
    const settings = (): Config => loadConfig({ environment: process.env, ...userFile(undefined, dataDirectory) });
    const findings = await lookWithoutGateway(dataDirectory, settings);
    return { answer: report(findings, values.report === 'true', words), exitCode: EXIT.unavailable };
  }
}

/** Paths are meant from here, wherever the gateway was started; secrets are asked for. @throws Failure */
async function complete({ parameters }: Command, given: Arguments, words: Words): Promise<Arguments> {
  const values: Record<string, string> = { ...given };
  for (const { name, place, isPath = false, isNew = false } of parameters) {
    if (isPath && values[name] !== undefined) values[name] = resolve(values[name]);
    if (place !== 'secret') continue;
    const secret = await askSecret(name, isNew, words);
    if (secret === undefined || secret === '') throw new Failure(EXIT.usage, ({ commandLine }) => commandLine.notGiven(name));
    values[name] = secret;
  }
  return values;
}

/** @throws Failure */
function checkDirectory(path: string): void {
  const problem = directoryProblem(path);
  if (problem !== undefined) throw new Failure(EXIT.cannotStart, (words) => words.commandLine.cannotUse(path, problem(words)));
}

function showProgress(text: string): void {
  process.stderr.write(`${shown(text)}\n`);
}

/** The one place where an error becomes words on a terminal and an exit code. */
function explain(error: unknown, words: Words): number {
  const [code, text] = ((): [number, string] => {
    if (error instanceof Failure) return [error.exitCode, error.say(words)];
    if (error instanceof ControlRefusal) return [EXIT.refused, error.say(words)];
    if (error instanceof ConfigError) return [EXIT.config, error.say(words)];
    return [EXIT.internal, error instanceof Error ? (error.stack ?? error.message) : String(error)];
  })();
  const told = `postern: ${text}\n${code === EXIT.usage ? `${words.commandLine.seeHelp}\n` : ''}`;
  process.stderr.write(shown(asTyped(told, commandName(process.env))));
  return code;
}

function version(): string {
  return (JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { version: string }).version;
}
