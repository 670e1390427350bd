import assert from 'node:assert/strict';
import { type CommandLine, parseCommandLine } from '../../src/cli/command-line.js';
import { defaultDataDirectory } from '../../src/cli/data-directory.js';
import { EXIT, Failure } from '../../src/cli/failure.js';
import { helpText } from '../../src/cli/help-text.js';
import { OPERATIONS } from '../../src/control/operations.js';
import { english } from '../../src/words/english/english.js';
import { german } from '../../src/words/german/german.js';

const parse = (line: string): CommandLine => parseCommandLine(line === '' ? [] : line.split(' '), OPERATIONS);
/** What an operation was understood as: its name, its values, where, and how to answer. */
const understood = (line: string): unknown[] => {
  const command = parse(line);
  return command.kind === 'operation' ? [command.operation.name, command.values, command.data, command.json] : [command.kind];
};

describe('command line', () => {
  for (const [line, expected] of [
    ['status', ['status', {}, undefined, false]],
    ['status --data X --json', ['status', {}, 'X', true]],
    ['--json --data X status', ['status', {}, 'X', true]],
    ['--data=X chan join -- --json', ['chan join', { passphrase: '--json' }, 'X', false]],
    ['identity new --label L --json --data X', ['identity new', { label: 'L' }, 'X', true]],
    [
      'identity new --label=L --passphrase=p --address-version 3',
      ['identity new', { label: 'L', passphrase: 'p', 'address-version': '3' }, undefined, false],
    ],
    ['chan join general --label G', ['chan join', { passphrase: 'general', label: 'G' }, undefined, false]],
    ['chan join --json general', ['chan join', { passphrase: 'general' }, undefined, true]],
    ['chan join -- --json', ['chan join', { passphrase: '--json' }, undefined, false]],
    ['chan leave general', ['chan leave', { chan: 'general' }, undefined, false]],
    ['chan list', ['chan list', {}, undefined, false]],
    ['subscribe BM-x --label News', ['subscribe', { address: 'BM-x', label: 'News' }, undefined, false]],
    ['unsubscribe News', ['unsubscribe', { subscription: 'News' }, undefined, false]],
    ['subscription list', ['subscription list', {}, undefined, false]],
    ['', ['help']],
    ['help', ['help']],
    ['--help', ['help']],
    ['status --help', ['help']],
    ['--version', ['version']],
  ] as const)
    it(`understands "${line}"`, () => assert.deepEqual(understood(line), expected));

  it('understands start with all it takes', () =>
    assert.deepEqual(parse('start --data X --config C --set imap.port=0 --set network.peers=a:1,b:2 --ready-json'), {
      kind: 'start',
      data: 'X',
      config: 'C',
      set: ['imap.port=0', 'network.peers=a:1,b:2'],
      readyJson: true,
    }));

  for (const [line, message] of [
    ['strat', /unknown command "strat"/],
    ['identity', /unknown command "identity"/],
    ['identity old', /unknown command "identity old"; there are "identity new", "identity list"/],
    ['--data X', /no command/],
    ['--data', /no command/],
    ['start now', /Unexpected argument 'now'/],
    ['start --readyjson', /Unknown option '--readyjson'/],
    ['status all', /does not know what to do with "all"/],
    ['status --label x', /Unknown option '--label'/],
    ['chan join', /needs PASSPHRASE/],
    ['chan join a b', /does not know what to do with "b"/],
    ['identity new --label', /argument missing/],
  ] as const)
    it(`refuses "${line}"`, () =>
      assert.throws(
        () => parse(line),
        (error) => error instanceof Failure && error.exitCode === EXIT.usage && message.test(error.message),
      ));

  const HOME = '/home/me/.local/share/postern';
  const help = (about: string): string => helpText(OPERATIONS, HOME, about, english);

  it('names every operation in the help text, in lines that fit a terminal', () => {
    const text = help('');
    for (const each of [text, helpText(OPERATIONS, HOME, '', german)])
      for (const line of each.split('\n')) assert.ok(line.length <= 130, line);
    for (const operation of OPERATIONS) assert.ok(text.includes(operation.name) && text.includes(operation.help(english)));
  });

  it('tells all that a command takes when it is asked about it', () => {
    for (const { name, parameters } of OPERATIONS)
      for (const parameter of parameters) assert.ok(help(name).includes(parameter.help(english)), name);
    for (const [line, about] of [
      ['help chan', 'chan'],
      ['chan --help', 'chan'],
      ['chan join --label x -h', 'chan join'],
      ['help', ''],
    ])
      assert.deepEqual(parse(line), { kind: 'help', about });
    assert.match(help('chan'), /chan join PASSPHRASE[\s\S]*chan leave CHAN/);
    assert.doesNotMatch(help('chan'), /identity/);
    assert.equal(help('nonsense'), help(''));
  });

  for (const [platform, environment, expected] of [
    ['linux', {}, '/home/me/.local/share/postern'],
    ['linux', { XDG_DATA_HOME: '/data' }, '/data/postern'],
    ['linux', { XDG_DATA_HOME: 'relative' }, '/home/me/.local/share/postern'],
    ['darwin', {}, '/home/me/Library/Application Support/Postern'],
    ['win32', { LOCALAPPDATA: '/local' }, '/local/Postern'],
  ] as const)
    it(`puts the data of ${platform} with ${JSON.stringify(environment)} into ${expected}`, () =>
      assert.equal(defaultDataDirectory(platform, environment, '/home/me'), expected));
});
