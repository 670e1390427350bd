/** Reads a command line: pure, from words to what is to be done. */
import { parseArgs } from 'node:util';
import type { Arguments, Command, Parameter } from '../control/operation.js';
import type { Saying } from '../words/words.js';
import { SHELLS, type Shell } from './completion.js';
import { EXIT, Failure } from './failure.js';

export type CommandLine =
  | { readonly kind: 'help'; readonly about: string }
  | { readonly kind: 'version' }
  | { readonly kind: 'completion'; readonly shell: Shell }
  | { readonly kind: 'man' }
  | StartCommand
  | {
      readonly kind: 'operation';
      readonly operation: Command;
      readonly values: Arguments;
      readonly data?: string;
      readonly json: boolean;
    };

export interface StartCommand {
  readonly kind: 'start';
  readonly data?: string;
  readonly config?: string;
  readonly set: readonly string[];
  readonly readyJson: boolean;
}

/** What may stand before the command as well: `postern --data DIR status`. */
const LEADING = new Map([
  ['--data', 2],
  ['--json', 1],
]);

/** @throws Failure */
export function parseCommandLine(given: readonly string[], operations: readonly Command[]): CommandLine {
  const { leading, words } = splitLeading(given);
  if (given.length === 0 || words[0] === 'help' || words.includes('--help') || words.includes('-h'))
    return { kind: 'help', about: about(words) };
  if (words[0] === '--version' || words[0] === '-V') return { kind: 'version' };
  if (words[0] === 'man') return { kind: 'man' };
  if (words[0] === 'completion') return { kind: 'completion', shell: parseShell(words[1]) };
  if (words[0] === 'start') return parseStart([...leading, ...words.slice(1)]);
  const operation = operations.find(({ name }) => name.split(' ').every((word, i) => words[i] === word));
  if (operation === undefined) throw new Failure(EXIT.usage, explainUnknown(words, operations));
  return parseOperation(operation, [...leading, ...words.slice(operation.name.split(' ').length)]);
}

/** `help chan`, `chan --help`, `chan join --help`: the words that name commands. */
function about(words: readonly string[]): string {
  const option = words.findIndex((word) => word.startsWith('-'));
  return (option < 0 ? words : words.slice(0, option))
    .filter((word, i) => i > 0 || word !== 'help')
    .slice(0, 2)
    .join(' ');
}

function splitLeading(given: readonly string[]): { leading: readonly string[]; words: readonly string[] } {
  let at = 0;
  for (;;) {
    const size = given[at]?.startsWith('--data=') ? 1 : LEADING.get(given[at]);
    if (size === undefined) return { leading: given.slice(0, at), words: given.slice(at) };
    at += size;
  }
}

/** `identity` alone, or with a word that it does not know, is told what there is. */
function explainUnknown(words: readonly string[], operations: readonly Command[]): Saying {
  const plain = words.filter((word) => !word.startsWith('-')).slice(0, 2);
  const typed = plain.join(' ');
  if (plain.length === 0) return ({ commandLine }) => commandLine.noCommand;
  const kin = operations.filter(({ name }) => name.startsWith(`${plain[0]} `)).map(({ name }) => `"${name}"`);
  return ({ commandLine }) => (kin.length === 0 ? commandLine.unknown(typed) : commandLine.unknownAmong(typed, kin.join(', ')));
}

function parseShell(word: string | undefined): Shell {
  const shell = SHELLS.find((each) => each === word);
  if (shell === undefined) throw new Failure(EXIT.usage, ({ commandLine }) => commandLine.noShell(SHELLS.join(', ')));
  return shell;
}

function parseStart(words: readonly string[]): StartCommand {
  const { values } = strictly(() =>
    parseArgs({
      args: [...words],
      options: {
        data: { type: 'string' },
        config: { type: 'string' },
        set: { type: 'string', multiple: true },
        'ready-json': { type: 'boolean' },
      },
    }),
  );
  return {
    kind: 'start',
    set: values.set ?? [],
    readyJson: values['ready-json'] ?? false,
    ...(values.data === undefined ? {} : { data: values.data }),
    ...(values.config === undefined ? {} : { config: values.config }),
  };
}

function parseOperation(operation: Command, words: readonly string[]): CommandLine {
  const named = operation.parameters.filter(({ place }) => place === 'option' || place === 'flag');
  const placed = operation.parameters.filter(({ place }) => place === 'positional');
  const { values, positionals } = strictly(() =>
    parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        data: { type: 'string' },
        json: { type: 'boolean' },
        ...Object.fromEntries(
          named.map(({ name, place }) => [name, { type: place === 'flag' ? ('boolean' as const) : ('string' as const) }]),
        ),
      },
    }),
  );
  if (positionals.length > placed.length)
    throw new Failure(EXIT.usage, ({ orders }) => orders.tooMany(operation.name, positionals[placed.length]));
  const found: Record<string, string> = {};
  for (const [i, text] of positionals.entries()) found[placed[i].name] = text;
  for (const { name } of named) {
    const text = (values as Record<string, unknown>)[name];
    if (typeof text === 'string') found[name] = text;
    if (text === true) found[name] = 'true';
  }
  const missing = operation.parameters.find(
    ({ name, place, isRequired }) => isRequired && place !== 'secret' && (found[name] ?? '') === '',
  );
  if (missing !== undefined) throw new Failure(EXIT.usage, explainMissing(operation, missing));
  return {
    kind: 'operation',
    operation,
    values: found,
    json: values.json ?? false,
    ...(values.data === undefined ? {} : { data: values.data }),
  };
}

function explainMissing({ name: command }: Command, { place, name, choices }: Parameter): Saying {
  const written = place === 'option' ? `--${name}` : name.toUpperCase();
  return ({ commandLine }) =>
    choices === undefined ? commandLine.missing(command, written) : commandLine.missingChoice(command, written, choices.join(', '));
}

/** parseArgs says what is wrong in its own words, which are English; the first sentence is enough. */
function strictly<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new Failure(EXIT.usage, () => (error as Error).message.split('. ')[0], { cause: error });
  }
}
