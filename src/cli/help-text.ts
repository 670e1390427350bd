/** The help text, made of the operations themselves. */
import type { Operation, Parameter } from '../control/operation.js';
import { table } from '../control/table.js';

export function helpText(operations: readonly Operation[], dataDirectory: string): string {
  const parameters = operations.flatMap(({ name, parameters }) => parameters.map((parameter) => [name, parameter] as const));
  return `Usage: postern <command> [options]

Commands
${indent(
  table([
    ['start [--ready-json] [--config FILE] [--set section.key=value]…', 'Run the gateway: mail servers and Bitmessage node.'],
    ...operations.map((operation) => [[operation.name, ...operation.parameters.map(usage)].join(' '), operation.help]),
    ['help, --help', 'Show this text.'],
    ['--version', 'Show the version.'],
  ]),
)}

What they take
${indent(table(parameters.map(([name, parameter]) => [name, usage(parameter), parameter.help])))}

Options
${indent(
  table([
    ['--data DIR', `the data directory (otherwise ${dataDirectory})`],
    ['--json', 'answer as one line of JSON'],
    ['--config FILE', 'settings (otherwise config.toml in the data directory, if there is one)'],
    ['--set section.key=value', 'one setting; stronger than file and environment; can be repeated'],
    ['--ready-json', 'print one line of JSON as soon as all ports are open'],
  ]),
)}

All settings are explained in config/default.toml. Each can also be given in the environment, as
POSTERN_NETWORK_PROFILE=private. Every command but start talks to the running gateway of the same data directory.
`;
}

function usage({ name, place, isRequired }: Parameter): string {
  const shown = place === 'option' ? `--${name} ${name.split('-').at(-1)!.toUpperCase()}` : name.toUpperCase();
  return isRequired ? shown : `[${shown}]`;
}

function indent(text: string): string {
  return text.replace(/^/gm, '  ');
}
