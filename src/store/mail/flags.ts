/** Flags as they are stored: a bit for each system flag, keywords as words. Pure. */
import { StoreLimit } from './message-types.js';

/** The canonical spelling of each system flag and its bit. A released bit is never given another meaning. */
export const SYSTEM_FLAGS: readonly (readonly [flag: string, bit: number])[] = [
  ['\\Seen', 1],
  ['\\Answered', 2],
  ['\\Flagged', 4],
  ['\\Deleted', 8],
  ['\\Draft', 16],
];
export const SEEN = 1;
export const DELETED = 8;

/** Longer than any keyword in use ("$MailFlagBit0"), short enough that a flood of them stays small. */
export const MAX_KEYWORD_LENGTH = 100;
/** A client that tags with more than this is broken; bounds the row that every listing reads. */
export const MAX_KEYWORDS_PER_ENTRY = 100;
/** FLAGS names all of them in one line of each SELECT. */
export const MAX_KEYWORDS_PER_MAILBOX = 1000;

export interface StoredFlags {
  readonly bits: number;
  readonly keywords: readonly string[];
}

/** Sorts flags into bits and keywords, each once; \Recent is the server's own and left out. @throws StoreLimit */
export function toStoredFlags(flags: readonly string[]): StoredFlags {
  let bits = 0;
  const keywords = new Map<string, string>();
  for (const flag of flags) {
    const lower = flag.toLowerCase();
    const system = SYSTEM_FLAGS.find(([name]) => name.toLowerCase() === lower);
    if (system !== undefined) bits |= system[1];
    else if (!lower.startsWith('\\') && !keywords.has(lower)) keywords.set(lower, flag);
  }
  if (keywords.size > MAX_KEYWORDS_PER_ENTRY) throw new StoreLimit(`a message can have ${MAX_KEYWORDS_PER_ENTRY} keywords`);
  for (const keyword of keywords.values()) {
    if (keyword.length > MAX_KEYWORD_LENGTH) throw new StoreLimit(`a keyword can have ${MAX_KEYWORD_LENGTH} characters`);
    if (keyword === '' || /[\s\0]/.test(keyword)) throw new TypeError('a keyword is one word');
  }
  return { bits, keywords: [...keywords.values()] };
}

const COMBINATIONS: readonly (readonly string[])[] = Array.from({ length: 32 }, (_, bits) =>
  SYSTEM_FLAGS.filter(([, bit]) => (bits & bit) !== 0).map(([flag]) => flag),
);

/** The flags of a row. */
export function toFlags(bits: number, keywords: string): readonly string[] {
  const system = COMBINATIONS[bits & 31];
  return keywords === '' ? system : [...system, ...keywords.split(' ')];
}
