/** Ascending UIDs in typed arrays: what one has and another has not, and lists with a few more or less. Pure. */
import { exactRuns } from '../store/mail/uid-runs.js';
import { UidList } from './uid-list.js';

/** UIDs in whatever order; millions of them as a typed array. */
export type Uids = readonly number[] | Uint32Array;

/** A millisecond or two. */
const PER_SLICE = 100_000;

/** What is only in one of the two. Both ascending. */
export async function differences(
  before: ArrayLike<number>,
  after: ArrayLike<number>,
  breathe: () => Promise<void>,
): Promise<{ added: number[]; gone: number[] }> {
  const added: number[] = [];
  const gone: number[] = [];
  let at = 0;
  for (let i = 0; i < after.length; i++) {
    if (i % PER_SLICE === 0) await breathe();
    const uid = after[i];
    while (at < before.length && before[at] < uid) gone.push(before[at++]);
    if (at < before.length && before[at] === uid) at++;
    else added.push(uid);
  }
  while (at < before.length) gone.push(before[at++]);
  return { added, gone };
}

/** What is in both. All ascending. */
export async function common(some: readonly number[], others: readonly number[], breathe: () => Promise<void>): Promise<number[]> {
  let next = 0;
  const isAmongOthers = (uid: number): boolean => {
    while (next < others.length && others[next] < uid) next++;
    return others[next] === uid;
  };
  return chosen(some, isAmongOthers, breathe);
}

/** Those that fit, in their order. */
export async function chosen(uids: readonly number[], fits: (uid: number) => boolean, breathe: () => Promise<void>): Promise<number[]> {
  const found: number[] = [];
  for (let start = 0; start < uids.length; start += PER_SLICE) {
    for (let i = start; i < Math.min(start + PER_SLICE, uids.length); i++) if (fits(uids[i])) found.push(uids[i]);
    await breathe();
  }
  return found;
}

/** A list in any order without some. @param gone ascending */
export async function without(list: Uint32Array, gone: readonly number[], breathe: () => Promise<void>): Promise<Uint32Array> {
  if (gone.length === 0) return list;
  const leaving = UidList.ofRuns(exactRuns(gone));
  return filtered(list, (uid) => !leaving.has(uid), breathe);
}

export async function filtered(list: Uint32Array, stays: (uid: number) => boolean, breathe: () => Promise<void>): Promise<Uint32Array> {
  const left = new Uint32Array(list.length);
  let count = 0;
  for (let start = 0; start < list.length; start += PER_SLICE) {
    for (let i = start; i < Math.min(start + PER_SLICE, list.length); i++) if (stays(list[i])) left[count++] = list[i];
    await breathe();
  }
  return left.slice(0, count);
}

/** Both ascending, and so is the result. */
export async function merged(some: Uint32Array, others: readonly number[], breathe: () => Promise<void>): Promise<Uint32Array> {
  const both = new Uint32Array(some.length + others.length);
  let left = 0;
  let right = 0;
  for (let at = 0; at < both.length; at++) {
    if (at % PER_SLICE === 0) await breathe();
    both[at] = right >= others.length || (left < some.length && some[left] < others[right]) ? some[left++] : others[right++];
  }
  return both;
}
