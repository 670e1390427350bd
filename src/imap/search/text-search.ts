/** Looks for a text in messages: the full-text index says which need not be read, the text itself says which fit. */
import { LARGE_MESSAGE_BYTES, type LargeMessage } from '../../store/mail/large-messages.js';
import { nextSliceSize } from '../../store/mail/slice-size.js';
import { PositionSet } from './position-set.js';
import type { SearchContext } from './search.js';
import type { TextTest } from './text-test.js';

/** Of fewer messages all are read: that takes less time than asking the index, which is one for all folders. */
const WORTH_ASKING = 100;
/** A millisecond. */
const CANDIDATES_PER_SLICE = 10_000;
/** Messages that are read in one go. */
const FIRST_READ = 20;
const MAX_READ = 1_000;
/** What is held at a time, unless one message alone is larger. */
const MAX_READ_BYTES = 256 * 1024;
/** Two of them are no wait that anybody notices. */
const SLICE_MS = 8;

/** Looks for texts in messages that are too large for one step. */
export interface LargeTexts {
  contains(
    message: LargeMessage,
    what: { readonly size: number; readonly structure: string; readonly part: 'header' | 'body'; readonly text: string },
  ): Promise<boolean>;
}

/** Those among these messages that hold the text. */
export async function findByText(test: TextTest, among: PositionSet, context: SearchContext): Promise<PositionSet> {
  const indexed = isFew(among) ? null : await askIndex(test, context);
  const found = indexed === null ? new PositionSet(among.length) : indexed.sure.and(among);
  const candidates = indexed === null ? among : among.and(indexed.possible);
  let size = FIRST_READ;
  for (let start = candidates.next(0); start >= 0; ) {
    const positions = take(candidates, start, size);
    const startedAt = performance.now();
    const { fitting, read } = await findInBlock(test, positions, context);
    for (const position of fitting) found.add(position);
    size = nextSliceSize(read, performance.now() - startedAt, SLICE_MS, MAX_READ);
    start = candidates.next(positions[read - 1] + 1);
    await context.breathe();
  }
  return found;
}

/** Reads as many of these as are good for one step, and tells which of those hold the text. */
async function findInBlock(
  test: TextTest,
  positions: readonly number[],
  { mailboxes, messages, mailboxId, uids, largeTexts }: SearchContext,
): Promise<{ fitting: number[]; read: number }> {
  const asked = positions.map((position) => uids.at(position)!);
  const { uid, messageId, size } = mailboxes.columns(mailboxId, asked, ['messageId', 'size']);
  // Nothing is left of them.
  if (uid.length === 0) return { fitting: [], read: positions.length };
  if (test.reads === 'header') {
    const { isInSubject } = test;
    const subjects = isInSubject === null ? null : messages.columns(messageId, ['subject']).subject;
    const isFound = messageId.map((_, index) => subjects !== null && isInSubject?.(subjects[index]) === true);
    const others = messageId.filter((_, index) => !isFound[index]);
    const headers = test.isListed ? messages.listedFieldsOf(others) : messages.headers(others);
    const fitting = uid.filter((_, index) => isFound[index] || test.fits(headers.shift()!));
    return { fitting: fitting.map((each) => uids.indexOf(each)), read: positions.length };
  }
  const count = holdable(size);
  const read = count < uid.length ? asked.indexOf(uid[count]) : positions.length;
  const large = size[0] > LARGE_MESSAGE_BYTES ? messages.openLarge(messageId[0]) : null;
  if (large !== null) {
    const what = { size: size[0], structure: messages.structure(messageId[0]), text: test.text };
    try {
      for (const part of test.parts)
        if (await largeTexts.contains(large, { ...what, part })) return { fitting: [uids.indexOf(uid[0])], read };
    } finally {
      large.close();
    }
    return { fitting: [], read };
  }
  const ids = messageId.slice(0, count);
  const raws = messages.raws(ids);
  const scanned = raws.map((raw) => test.scan(raw));
  const structures = messages.structures(ids.filter((_, index) => scanned[index] === null));
  const fits = scanned.map((found, index) => found ?? test.fits(raws[index], structures.shift()!));
  return { fitting: uid.filter((_, index) => fits[index]).map((each) => uids.indexOf(each)), read };
}

/** The messages of the folder that fit, and those that may; null: the index cannot tell. */
async function askIndex(test: TextTest, context: SearchContext): Promise<{ sure: PositionSet; possible: PositionSet } | null> {
  const candidates = await context.messages.candidates(context.mailboxId, test.text);
  if (candidates === null) return null;
  const found = { sure: new PositionSet(context.uids.length), possible: new PositionSet(context.uids.length) };
  // The index knows of header and body together.
  const looksAnywhere = test.reads === 'text' && test.parts.includes('header');
  await addUids(looksAnywhere ? found.sure : found.possible, candidates.sure, context);
  await addUids(found.possible, candidates.possible, context);
  return found;
}

async function addUids(found: PositionSet, asked: Uint32Array, { uids, breathe }: SearchContext): Promise<void> {
  for (const [index, uid] of asked.entries()) {
    const position = uids.indexOf(uid);
    if (position >= 0) found.add(position);
    if (index % CANDIDATES_PER_SLICE === 0) await breathe();
  }
}

function isFew(among: PositionSet): boolean {
  return take(among, 0, WORTH_ASKING).length < WORTH_ASKING;
}

/** The first of them from there on. */
function take(among: PositionSet, from: number, count: number): number[] {
  const some: number[] = [];
  for (let position = among.next(from); position >= 0 && some.length < count; position = among.next(position + 1)) some.push(position);
  return some;
}

/** How many of these may be held at a time. */
function holdable(sizes: readonly number[]): number {
  let bytes = 0;
  const over = sizes.findIndex((size, index) => (bytes += size) > MAX_READ_BYTES && index > 0);
  return over < 0 ? sizes.length : over;
}
