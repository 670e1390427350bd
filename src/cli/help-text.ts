/** The help text, made of the operations themselves. */
import type { Command, Parameter } from '../control/operation.js';
import { table } from '../control/table.js';
import type { Words } from '../words/words.js';

function describeStart({ commandLine: { help } }: Words): string {
  const details = [
    ['--ready-json', help.readyJson],
    ['--config FILE', help.config],
    ['--set section.key=value', help.set],
    ['', help.explained],
  ];
  return `  start [--ready-json] [--config FILE] [--set section.key=value]...\n      ${help.start}\n${indent(table(details), 6)}\n`;
}

/**
 * @param about what is asked about: the first words of commands, '' for all of them
 * @returns a line for each command; what a few of them take, when these are asked about
 */
export function helpText(operations: readonly Command[], dataDirectory: string, about: string, words: Words): string {
  const { help } = words.commandLine;
  const asked = operations.filter(({ name }) => `${name} `.startsWith(`${about} `));
  if (about === 'start') return `${help.usageOf}\n${describeStart(words)}`;
  if (asked.length > 0) return `${help.usageOf}\n${asked.map((operation) => describe(operation, words)).join('')}`;
  return `${help.usage}

${indent(
  table([
    ['start', help.start],
    ...operations.map((operation) => [operation.name, operation.help(words)]),
    ['completion bash|zsh', help.completion],
    ['man', help.man],
    ['help [COMMAND]', help.help],
    ['--version', help.version],
  ]),
  2,
)}

${help.everyCommand}
  --data DIR  ${help.data(dataDirectory)}
${help.everyOther}
  --json      ${help.json}
`;
}

function describe({ name, help, parameters }: Command, words: Words): string {
  const details = table(parameters.map((parameter) => [shown(parameter, words), parameter.help(words)]));
  const usage = [
    name,
    ...parameters
      .filter(({ place }) => place !== 'secret')
      .map((parameter) => (parameter.isRequired ? shown(parameter, words) : `[${shown(parameter, words)}]`)),
  ].join(' ');
  return `  ${usage}\n      ${help(words)}\n${details === '' ? '' : `${indent(details, 6)}\n`}`;
}

function indent(lines: string, columns: number): string {
  return lines.replace(/^/gm, ' '.repeat(columns));
}

function shown({ name, place }: Parameter, { commandLine: { help } }: Words): string {
  switch (place) {
    case 'option':
      return `--${name} ${help.text}`;
    case 'flag':
      return `--${name}`;
    case 'positional':
      return name.toUpperCase();
    case 'secret':
      return help.askedFor(name);
  }
}
