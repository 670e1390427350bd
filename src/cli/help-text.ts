/** The help text, made of the operations themselves. */
import type { OfflineOperation, Operation, Parameter } from '../control/operation.js';
import { table } from '../control/table.js';

export function helpText(operations: readonly (Operation | OfflineOperation)[], dataDirectory: string): string {
  return `Usage: postern <command> [options]

  start [--ready-json] [--config FILE] [--set section.key=value]...
      Run the gateway: mail servers and Bitmessage node.
      --ready-json             print one line of JSON as soon as all ports are open
      --config FILE            your settings (otherwise config.toml in the data directory, if there is one)
      --set section.key=value  one setting, stronger than file and environment; can be repeated
${operations.map(describe).join('')}  completion bash|zsh
      Print what a shell needs to complete these commands: eval "$(postern completion bash)"
  man
      Print the manual page.
  help, --help, --version

Every command takes
  --data DIR  the data directory (otherwise ${dataDirectory})
and every command but start also
  --json      answer as one line of JSON

All settings are explained in config/default.toml. Each can also be given in the environment:
POSTERN_NETWORK_PROFILE=private.
`;
}

function describe({ name, help, parameters }: Operation | OfflineOperation): string {
  const details = table(parameters.map((parameter) => [shown(parameter), parameter.help]));
  const usage = [
    name,
    ...parameters
      .filter(({ place }) => place !== 'secret')
      .map((parameter) => (parameter.isRequired ? shown(parameter) : `[${shown(parameter)}]`)),
  ].join(' ');
  return `  ${usage}\n      ${help}\n${details === '' ? '' : `${details.replace(/^/gm, '      ')}\n`}`;
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
