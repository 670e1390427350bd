/** The operations in plain words, as a person writes them to the control address. */
import type { Logger } from '../base/log.js';
import type { Clerk } from '../mapping/order-desk.js';
import { type Arguments, ControlRefusal, type ControlRooms, checkArguments, type Operation } from './operation.js';

/**
 * What is offered by mail. Nothing that hands out keys or reads and writes files: an answer lies in INBOX, where every program with
 * the login reads it, and files belong to whoever sits at the machine.
 */
const OFFERED = [
  /^status$/,
  /^identity (new|list|set|show|delete|undelete)$/,
  /^chan (join|leave|list|set)$/,
  /^(subscribe|unsubscribe|subscription list)$/,
  /^((un)?block|blocked)$/,
  /^contact (add|list|rename|remove)$/,
  /^list (make|end)$/,
  /^outbox (list|retry|cancel)$/,
  /^reads$/,
  /^spelling$/,
];
/** Shorter ways to say it. */
const ALIASES: Readonly<Record<string, string>> = {
  join: 'chan join',
  leave: 'chan leave',
  chans: 'chan list',
  identities: 'identity list',
  'new identity': 'identity new',
  subscriptions: 'subscription list',
};

interface Word {
  /** Without quotes. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export class MailClerk implements Clerk {
  readonly #operations: readonly Operation[];

  /** @param rooms asked only when something is carried out */
  constructor(
    operations: readonly Operation[],
    private readonly rooms: () => ControlRooms,
    private readonly log: Logger,
  ) {
    this.#operations = operations.filter(({ name }) => OFFERED.some((pattern) => pattern.test(name)));
  }

  understands(line: string): boolean {
    return isHelp(line) || this.#match(line) !== undefined;
  }

  async carryOut(line: string): Promise<{ done: boolean; text: string }> {
    if (isHelp(line)) return { done: true, text: this.help() };
    const matched = this.#match(line);
    if (matched === undefined) return { done: false, text: this.rooms().words.orders.notUnderstood };
    try {
      const values = checkArguments(matched.operation, readArguments(matched.operation, matched.rest));
      const { text } = await matched.operation.run(values, this.rooms());
      return { done: true, text };
    } catch (error) {
      const { words } = this.rooms();
      if (error instanceof ControlRefusal) return { done: false, text: words.orders.notDone(error.say(words)) };
      this.log.error('an operation by mail failed', error);
      return { done: false, text: words.orders.notDone(words.orders.internalError) };
    }
  }

  help(): string {
    const { words } = this.rooms();
    const rows = this.#operations.map((operation) => [usage(operation), operation.help(words)]);
    // One below the other: a table as wide as the longest would be broken by every mail program.
    const lines = [['help', words.orders.offerHelp], ...rows].map(([order, help]) => `  ${order}\n      ${help}`);
    return `${words.orders.offer}\n\n${lines.join('\n')}`;
  }

  /** The longest name that the line begins with, in any case. */
  #match(line: string): { operation: Operation; rest: string } | undefined {
    const names = [
      ...this.#operations.map((operation) => ({ name: operation.name, operation })),
      ...Object.entries(ALIASES).flatMap(([name, target]) => {
        const operation = this.#operations.find((candidate) => candidate.name === target);
        return operation === undefined ? [] : [{ name, operation }];
      }),
    ].sort((a, b) => b.name.length - a.name.length);
    const clean = line.trim();
    for (const { name, operation } of names) {
      const pattern = new RegExp(`^${name.replaceAll(' ', '\\s+')}(?:[.!?:]?$|:?\\s+)`, 'i');
      const matched = pattern.exec(clean);
      if (matched !== null) return { operation, rest: clean.slice(matched[0].length) };
    }
    return undefined;
  }
}

function isHelp(line: string): boolean {
  return /^(help|hilfe|\?)\b[.!?]?/i.test(line.trim()) || line.trim() === '?';
}

function usage({ name, parameters }: Operation): string {
  const words = parameters.map((parameter) => {
    const word =
      parameter.place === 'positional' ? parameter.name.toUpperCase() : `--${parameter.name}${parameter.place === 'flag' ? '' : ' …'}`;
    return parameter.isRequired ? word : `[${word}]`;
  });
  return [name, ...words].join(' ');
}

/** The last word's place takes all that is left, so that a passphrase of several words needs no quotes. @throws ControlRefusal */
function readArguments({ name, parameters }: Operation, rest: string): Arguments {
  const values: Record<string, string> = {};
  const words: Word[] = [];
  let option: string | undefined;
  for (const word of split(rest)) {
    // Mail programs make a dash of two hyphens.
    const [, written, given] = /^(?:--|—|–)([a-z][a-z-]*)(?:=(.*))?$/is.exec(word.text) ?? [];
    const known = parameters.find(({ place, name: parameter }) => /^(option|flag)$/.test(place) && parameter === written?.toLowerCase());
    if (known?.place === 'flag') {
      option = undefined;
      values[known.name] = 'true';
    } else if (known !== undefined) {
      option = known.name;
      values[option] = given ?? '';
    } else if (option === undefined) words.push(word);
    // An option has all the words up to the next one.
    else values[option] = `${values[option]} ${word.text}`.trim();
  }
  const places = parameters.filter(({ place }) => place === 'positional').map((parameter) => parameter.name);
  // "identity new Work": the label is what is meant.
  if (places.length === 0 && values.label === undefined && parameters.some((parameter) => parameter.name === 'label')) places.push('label');
  for (const [index, place] of places.entries()) {
    const taken = index === places.length - 1 ? words.splice(0) : words.splice(0, 1);
    if (taken.length === 1) values[place] = taken[0].text;
    else if (taken.length > 1) values[place] = rest.slice(taken[0].start, taken[taken.length - 1].end);
  }
  if (words.length > 0) {
    const [{ text }] = words;
    throw new ControlRefusal(({ orders }) => orders.tooMany(name, text));
  }
  return values;
}

function split(text: string): Word[] {
  return [...text.matchAll(/"([^"]*)"|“([^”]*)”|\S+/g)].map((match) => ({
    text: match[1] ?? match[2] ?? match[0],
    start: match.index,
    end: match.index + match[0].length,
  }));
}
