/** Lists of a million numbers, put into words piece by piece so that nobody waits for the whole of one. */
import type { Session } from '../session.js';
import { formatSequenceSet } from '../wire/sequence-set.js';

/** Some milliseconds. */
const NUMBERS_PER_SLICE = 20_000;

/** What the client calls these messages, in the same order. */
export async function toNumbers(session: Session, uids: readonly number[], by: 'number' | 'uid'): Promise<readonly number[]> {
  if (by === 'uid') return uids;
  const numbers: number[] = [];
  for (let start = 0; start < uids.length; start += NUMBERS_PER_SLICE) {
    for (const uid of uids.slice(start, start + NUMBERS_PER_SLICE)) numbers.push(session.view.numberOf(uid));
    await session.breathe();
  }
  return numbers;
}

/** " 1 2 3". */
export async function formatList(session: Session, numbers: readonly number[]): Promise<string> {
  let text = '';
  for (let start = 0; start < numbers.length; start += NUMBERS_PER_SLICE) {
    text += ` ${numbers.slice(start, start + NUMBERS_PER_SLICE).join(' ')}`;
    await session.breathe();
  }
  return text;
}

/** "1:3,7". */
export async function formatSet(session: Session, numbers: readonly number[]): Promise<string> {
  const pieces: string[] = [];
  for (let start = 0, end = 0; start < numbers.length; start = end) {
    end = Math.min(start + NUMBERS_PER_SLICE, numbers.length);
    // A run is not cut in two.
    while (end < numbers.length && numbers[end] === numbers[end - 1] + 1) end++;
    pieces.push(formatSequenceSet(numbers.slice(start, end)));
    await session.breathe();
  }
  return pieces.join(',');
}
