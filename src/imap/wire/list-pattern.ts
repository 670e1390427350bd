/** LIST patterns: "*" stands for anything, "%" for anything within one level (RFC 9051 §6.3.9). */
import { DELIMITER } from './mailbox-name.js';

/** No name is longer than 1000 bytes, so a longer pattern has either only wildcards to spare or no match. */
const MAX_PATTERN_LENGTH = 1200;

/**
 * Whether a name fits a pattern. Runs in (length of name) x (length of pattern) steps whatever the wildcards,
 * where a regular expression would take exponential time for "*a*a*a*b".
 */
export function patternMatcher(pattern: string): (path: string) => boolean {
  const wanted = pattern.replace(/[*%]*\*[*%]*/g, '*').replace(/%+/g, '%');
  if (wanted.length > MAX_PATTERN_LENGTH) return () => false;
  if (wanted === '*') return () => true;
  if (!/[*%]/.test(wanted)) return (path) => foldInbox(path, wanted) === wanted;
  return (path) => fits(foldInbox(path, wanted), wanted);
}

function fits(name: string, wanted: string): boolean {
  // reachable[p] is 1: the name read so far can be matched by the first p characters of the pattern.
  let reachable = new Uint8Array(wanted.length + 1);
  let next = new Uint8Array(wanted.length + 1);
  reachable[0] = 1;
  skipWildcards(reachable, wanted);
  for (let at = 0; at < name.length; at++) {
    next.fill(0);
    for (let position = 0; position < wanted.length; position++) {
      if (reachable[position] === 0) continue;
      const token = wanted[position];
      if (token === '*' || (token === '%' && name[at] !== DELIMITER)) next[position] = 1;
      else if (token === name[at]) next[position + 1] = 1;
    }
    skipWildcards(next, wanted);
    [reachable, next] = [next, reachable];
  }
  return reachable[wanted.length] === 1;
}

/** A wildcard may stand for nothing. */
function skipWildcards(reachable: Uint8Array, wanted: string): void {
  for (let position = 0; position < wanted.length; position++) {
    if (reachable[position] === 1 && (wanted[position] === '*' || wanted[position] === '%')) reachable[position + 1] = 1;
  }
}

/** INBOX is found in any case: its name is spelt as the pattern spells it. */
function foldInbox(path: string, pattern: string): string {
  const spelt = pattern.slice(0, 5);
  return /^INBOX(?=\/|$)/.test(path) && spelt.toUpperCase() === 'INBOX' ? spelt + path.slice(5) : path;
}
