/** LIST patterns: "*" stands for anything, "%" for anything within one level (RFC 9051 §6.3.9). */
import { DELIMITER } from './mailbox-name.js';

/** No name is longer than 1000 bytes, so a longer pattern has either only wildcards to spare or no match. */
const MAX_PATTERN_LENGTH = 1200;

/**
 * Whether a name fits a pattern. Runs in (length of name) x (length of pattern) steps whatever the wildcards,
 * where a regular expression would take exponential time for "*a*a*a*b".
 */
export function matchesPattern(path: string, pattern: string): boolean {
  const wanted = pattern.replace(/[*%]*\*[*%]*/g, '*').replace(/%+/g, '%');
  if (wanted.length > MAX_PATTERN_LENGTH) return false;
  const name = foldInbox(path, wanted);
  // reachable[p]: the name read so far can be matched by the first p characters of the pattern.
  let reachable = skipWildcards(new Set([0]), wanted);
  for (const character of name) {
    const next = new Set<number>();
    for (const position of reachable) {
      const token = wanted[position];
      if (token === '*' || (token === '%' && character !== DELIMITER)) next.add(position);
      else if (token === character) next.add(position + 1);
    }
    if (next.size === 0) return false;
    reachable = skipWildcards(next, wanted);
  }
  return reachable.has(wanted.length);
}

/** A wildcard may stand for nothing. */
function skipWildcards(positions: Set<number>, pattern: string): Set<number> {
  for (const position of positions) if (pattern[position] === '*' || pattern[position] === '%') positions.add(position + 1);
  return positions;
}

/** INBOX is found in any case: its name is spelt as the pattern spells it. */
function foldInbox(path: string, pattern: string): string {
  const spelt = pattern.slice(0, 5);
  return /^INBOX(?=\/|$)/.test(path) && spelt.toUpperCase() === 'INBOX' ? spelt + path.slice(5) : path;
}
