/** The command line: what it prints besides the answers to orders. */

export const commandLine = {
  noCommand: 'no command is given',
  unknown: (typed: string) => `unknown command "${typed}"`,
  unknownAmong: (typed: string, known: string) => `unknown command "${typed}"; there are ${known}`,
  seeHelp: '"postern help" lists all commands.',
  noShell: (shells: string) => `"completion" needs one of ${shells}`,
  missing: (command: string, name: string) => `"${command}" needs ${name}`,
  missingChoice: (command: string, name: string, choices: string) => `"${command}" needs ${name}: ${choices}`,

  noGateway: (directory: string) => `Postern is not running on ${directory}; "postern start --data ${directory}" starts it`,
  noAnswer: (directory: string, why: string) => `Postern on ${directory} does not answer: ${why}`,
  ended: (directory: string) => `Postern on ${directory} ended before it had answered`,
  silent: (seconds: number) => `no answer within ${seconds.toFixed(0)} seconds`,
  notGiven: (name: string) => `the ${name} was not given, or not twice the same`,
  again: (name: string) => `${name} again`,

  cannotUse: (directory: string, why: string) => `cannot use ${directory}: ${why}`,
  isFile: 'it is a file, not a directory',
  isInFile: 'a part of it is a file, not a directory',
  isForeign: 'it belongs to another user of this machine; --data DIR names a directory of your own',
  notWritable: 'this user has no right to write there, or the disk is read-only',
  notReachable: 'a directory above it is closed to this user',
  damaged: (why: string) =>
    `its database is damaged (${why}); "postern doctor" says more, and "postern restore" makes a directory of a backup`,
  isRunning: 'Postern is running on it already; "postern page" opens its page in a browser, "postern status" tells what it does',
  diskLost: (why: string) =>
    `the disk did not keep what was written (${why}). What was answered until then is there; look after the disk and start again`,
  portIsTaken: (port: string, setting: string) =>
    `${port} is taken by another program. End that one, or take another port: "postern start --set ${setting}", or in config.toml for good`,
  peerPortIsTaken: (port: string, setting: string) =>
    `${port} is taken by another program, perhaps PyBitmessage. End that one, or take another port: "postern start --set ${setting}", or in config.toml for good`,
  portIsForbidden: (port: string, key: string) => `${port} needs more rights than you have; change ${key}, in config.toml or by --set`,
  noSuchHost: (port: string, key: string) => `${port} is not an address of this machine; change ${key}, in config.toml or by --set`,
  port: (host: string, port: number) => `${host} port ${port.toFixed(0)}`,
  ports: (host: string, port: number, other: number) => `${host} port ${port.toFixed(0)} and ${other.toFixed(0)}`,

  help: {
    usage: 'Usage: postern <command> [options]',
    usageOf: 'Usage: postern',
    start: 'Run the gateway: mail servers and Bitmessage node.',
    readyJson: 'print one line of JSON as soon as all ports are open',
    config: 'your settings (otherwise config.toml in the data directory, if there is one)',
    set: 'one setting, stronger than file and environment; can be repeated',
    explained: '(all are explained in config/default.toml; in the environment: POSTERN_NETWORK_PROFILE=private)',
    completion: 'Print what a shell needs to complete these commands.',
    man: 'Print the manual page.',
    help: 'This, or all that a command takes.',
    version: 'Say which version this is.',
    everyCommand: 'Every command takes',
    data: (directory: string) => `the data directory (otherwise ${directory})`,
    everyOther: 'and every command but start also',
    json: 'answer as one line of JSON',
    text: 'TEXT',
    askedFor: (name: string) => `(${name}, asked for)`,
  },

  ready: {
    running: (network: string) => `Postern is running (network: ${network}).`,
    listening: (network: string, host: string, port: number) =>
      `Postern is running (network: ${network}, listening on ${host} port ${port.toFixed(0)}).`,
    type: 'Type this into your mail program:',
    chosen: 'the one you chose',
    addresses: (count: number): string => (count === 1 ? 'Your address:' : 'Your addresses:'),
    certificate: "It will ask about Postern's own certificate. Compare its SHA-256:",
    settings: 'Ready settings (Thunderbird, Apple Mail, mutt and more): "postern setup"',
    page: 'All that and more is on a page for your browser:',
    pageAgain: '(good once, for ten minutes; "postern page" prints another)',
    pageElsewhere: '"postern page" prints its address.',
    data: (directory: string) => `Data: ${directory}`,
    stop: 'Ctrl-C stops it.',
  },
};
