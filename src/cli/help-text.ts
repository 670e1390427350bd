/** The help text, made of the operations themselves. */
import type { Command, Parameter } from '../control/operation.js';
import { table } from '../control/table.js';

const START = `  start [--ready-json] [--config FILE] [--set section.key=value]...
      Run the gateway: mail servers and Bitmessage node.
      --ready-json             print one line of JSON as soon as all ports are open
      --config FILE            your settings (otherwise config.toml in the data directory, if there is one)
      --set section.key=value  one setting, stronger than file and environment; can be repeated
                               (all are explained in config/default.toml; in the environment: POSTERN_NETWORK_PROFILE=private)
`;

/**
 * @param about what is asked about: the first words of commands, '' for all of them
 * @returns a line for each command; what a few of them take, when these are asked about
 */
export function helpText(operations: readonly Command[], dataDirectory: string, about = ''): string {
  const asked = operations.filter(({ name }) => `${name} `.startsWith(`${about} `));
  if (about === 'start' || asked.length > 0) return `Usage: postern\n${about === 'start' ? START : asked.map(describe).join('')}`;
  return `Usage: postern <command> [options]

${indent(
  table([
    ['start', 'Run the gateway: mail servers and Bitmessage node.'],
    ...operations.map(({ name, help }) => [name, help]),
    ['completion bash|zsh', 'Print what a shell needs to complete these commands.'],
    ['man', 'Print the manual page.'],
    ['help [COMMAND]', 'This, or all that a command takes.'],
    ['--version', 'Say which version this is.'],
  ]),
  2,
)}

Every command takes
  --data DIR  the data directory (otherwise ${dataDirectory})
and every command but start also
  --json      answer as one line of JSON
`;
}

function describe({ name, help, parameters }: Command): string {
  const details = table(parameters.map((parameter) => [shown(parameter), parameter.help]));
  const usage = [
    name,
    ...parameters
      .filter(({ place }) => place !== 'secret')
      .map((parameter) => (parameter.isRequired ? shown(parameter) : `[${shown(parameter)}]`)),
  ].join(' ');
  return `  ${usage}\n      ${help}\n${details === '' ? '' : `${indent(details, 6)}\n`}`;
}

function indent(lines: string, columns: number): string {
  return lines.replace(/^/gm, ' '.repeat(columns));
}

function shown({ name, place }: Parameter): string {
  switch (place) {
    case 'option':
      return `--${name} TEXT`;
    case 'flag':
      return `--${name}`;
    case 'positional':
      return name.toUpperCase();
    case 'secret':
      return `(${name}, asked for)`;
  }
}
