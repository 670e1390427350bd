/** The kinds of settings: how each is read, and what is allowed. Pure. */
import { parse } from 'smol-toml';
import type { Words } from '../words/words.js';

type AllowedWords = Words['settings']['allowed'];
type Allowed = (words: AllowedWords) => string;
/** The texts that take no values. */
type Plain = { [K in keyof AllowedWords]: AllowedWords[K] extends string ? K : never }[keyof AllowedWords];

/** One setting: how it is read from TOML, from the text of a variable or a flag, and what is allowed in words. */
export interface Setting<T> {
  readonly allowed: Allowed;
  /** The checked value, or undefined when it is not allowed. */
  read(value: unknown): T | undefined;
  /** Text from the environment or --set as the TOML value it means. */
  fromText(text: string): unknown;
}

export const flag: Setting<boolean> = {
  allowed: ({ flag: said }) => said,
  read: (value) => (typeof value === 'boolean' ? value : undefined),
  fromText: (text) => ({ true: true, '1': true, false: false, '0': false })[text.trim().toLowerCase()],
};

/** true and false are what people try first. */
export const tlsMode: Setting<'prefer' | 'require' | 'off'> = {
  allowed: ({ oneOfOrFlag }) => oneOfOrFlag(quoted(['prefer', 'require', 'off'])),
  read: (value) => (value === true ? 'prefer' : value === false ? 'off' : oneOf('prefer', 'require', 'off').read(value)),
  fromText: (text) => flag.fromText(text) ?? unquote(text),
};

export const stealthLevel: Setting<0 | 1 | 2> = {
  allowed: ({ oneOf: said }) => said(['0', '1', '2']),
  read: (value) => ([0, 1, 2] as const).find((level) => level === value),
  fromText: Number,
};

function quoted(values: readonly string[]): string[] {
  return values.map((value) => `"${value}"`);
}

export function oneOf<const T extends string>(...words: T[]): Setting<T> {
  return {
    allowed: ({ oneOf: said }) => said(quoted(words)),
    read: (value) => words.find((word) => word === value),
    fromText: unquote,
  };
}

export function text(allowed: Plain, isAllowed: (value: string) => boolean): Setting<string> {
  return {
    allowed: (words) => words[allowed],
    read: (value) => (typeof value === 'string' && isAllowed(value) ? value : undefined),
    fromText: unquote,
  };
}

export function whole(min: number, max: number): Setting<number> {
  return {
    allowed: ({ whole: said }) => said(String(min), String(max)),
    read: (value) => (Number.isInteger(value) && (value as number) >= min && (value as number) <= max ? (value as number) : undefined),
    // Empty stands for 0 where 0 means "as usual"; elsewhere 0 is refused by its own range.
    fromText: (value) => (/^\d*$/.test(value.trim()) ? Number(value.trim()) : value),
  };
}

export function list(allowed: Plain, isAllowed: (item: string) => boolean): Setting<readonly string[]> {
  const isList = (value: unknown): value is string[] =>
    Array.isArray(value) && value.every((item) => typeof item === 'string' && isAllowed(item));
  return {
    allowed: (words) => words[allowed],
    read: (value) => (isList(value) ? Object.freeze([...value]) : undefined),
    // "[::1]:8444" begins like a TOML list, and is none.
    fromText: (value) =>
      (value.trim().startsWith('[') ? tomlValue(value) : undefined) ??
      value
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== ''),
  };
}

/** Strings may be written with or without the quotes that TOML wants. */
function unquote(value: string): unknown {
  return /^".*"$/s.test(value) ? tomlValue(value) : value;
}

function tomlValue(source: string): unknown {
  try {
    return parse(`value = ${source}`).value;
  } catch {
    return undefined;
  }
}
