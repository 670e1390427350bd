/**
 * What streams would bring: fills the tree of streams (2n, 2n + 1) with users, lets them write to each other at random, and prints
 * for one node objects per second, bandwidth and trial decryptions, with streams and without, as the table of docs/SCALE.md.
 *
 * node dist/bench/streams.js
 */
import { children, depth } from '../src/bitmessage/network/streams.js';
import type { StreamNumber } from '../src/bitmessage/wire/params.js';
import { generator } from '../test/support/random.js';

const USERS = [1e3, 1e4, 1e5, 1e6, 1e7];
/** From here on a stream is full, and clients propose one of its children to new addresses. */
const USERS_PER_STREAM = 10_000;
/** Users come in groups of this size: their number alone matters. */
const GROUP = 100;
const SAMPLED_MESSAGES = 200_000;
/** Repeatable: the table is part of the documentation. */
const SEED = 1;
const DAY_SECONDS = 86_400;

/** Of a user and a day. */
const MESSAGES_PER_DAY = 10;
const BROADCASTS_PER_DAY = 0.5;
const GETPUBKEYS_PER_DAY = 0.2;
const PUBKEYS_PER_DAY = 1 / 28;
/** Whole objects. The ack is the short one, of stealth level 0. */
const BYTES = { msg: 1_000, ack: 54, broadcast: 1_000, getpubkey: 54, pubkey: 420 };
const PACKET_HEADER_BYTES = 24;
const HASH_BYTES = 32;
const PEERS = 8;
/** Of one node's user: identities and chans that each msg is tried with. */
const KEYS = 5;
/** Processor time for a key and an object, bench/open.ts at 5 keys. */
const TRIAL_MICROSECONDS = 65;

interface Load {
  readonly msgs: number;
  readonly objects: number;
  readonly bytes: number;
}

console.log(
  '| Users | Streams (depth) | Objects/s without | with | kB/s without | with | Trials/s without | with | Processor without | with | Messages to another stream |',
);
console.log('|---|---|---|---|---|---|---|---|---|---|---|');
for (const users of USERS) {
  const random = generator(SEED);
  const streams = fillTree(users, random);
  const { shares, foreign } = writeMessages(streams, users, random);
  const deepest = Math.max(...[...streams.keys()].map(depth));
  const without = loadOf(users, users);
  // The busiest stream: what a node must bear in the worst case.
  const busiest = Math.max(...[...streams].map(([stream, members]) => loadShare(shares.get(stream) ?? 0, members)));
  const within = loadOf(busiest * users, busiest * users);
  const cells = [
    users.toLocaleString('en'),
    `${streams.size} (${deepest})`,
    ...[without, within].map(({ objects }) => digits(objects)),
    ...[without, within].map(({ bytes }) => digits(bytes / 1000)),
    ...[without, within].map(({ msgs }) => digits(msgs * KEYS)),
    ...[without, within].map(({ msgs }) => `${digits((msgs * KEYS * TRIAL_MICROSECONDS) / 1e4)} %`),
    `${Math.round(foreign * 100)} %`,
  ];
  console.log(`| ${cells.join(' | ')} |`);

  /** Of all traffic, what lands in a stream: its messages, and its members' other objects. */
  function loadShare(messages: number, members: number): number {
    return Math.max(messages, members / users);
  }
}

/** Members of each stream: everybody begins at the root and goes down, by chance to the left or right, until a stream has room. */
function fillTree(users: number, random: ReturnType<typeof generator>): Map<StreamNumber, number> {
  const members = new Map<StreamNumber, number>();
  for (let placed = 0; placed < users; placed += GROUP) {
    let stream: StreamNumber = 1n;
    while ((members.get(stream) ?? 0) >= USERS_PER_STREAM) stream = random.pick(children(stream));
    members.set(stream, (members.get(stream) ?? 0) + GROUP);
  }
  return members;
}

/** Sender and recipient are drawn evenly; the object lies in the recipient's stream, and so does its ack (PROTOCOL 9.2). */
function writeMessages(
  streams: ReadonlyMap<StreamNumber, number>,
  users: number,
  random: ReturnType<typeof generator>,
): { shares: Map<StreamNumber, number>; foreign: number } {
  const groups = [...streams].flatMap(([stream, members]) => Array.from({ length: members / GROUP }, () => stream));
  const counts = new Map<StreamNumber, number>();
  let foreign = 0;
  const draw = (): StreamNumber => groups[random.below(users / GROUP)] as StreamNumber;
  for (let message = 0; message < SAMPLED_MESSAGES; message++) {
    const [from, to] = [draw(), draw()];
    counts.set(to, (counts.get(to) ?? 0) + 1);
    if (from !== to) foreign++;
  }
  const shares = new Map([...counts].map(([stream, count]) => [stream, count / SAMPLED_MESSAGES]));
  return { shares, foreign: foreign / SAMPLED_MESSAGES };
}

/** Per second, for a node that holds everything of so many users. */
function loadOf(receivers: number, members: number): Load {
  const msgs = (receivers * MESSAGES_PER_DAY) / DAY_SECONDS;
  const of = (perDay: number): number => (members * perDay) / DAY_SECONDS;
  const rates = { msg: msgs, ack: msgs, broadcast: of(BROADCASTS_PER_DAY), getpubkey: of(GETPUBKEYS_PER_DAY), pubkey: of(PUBKEYS_PER_DAY) };
  const kinds = Object.keys(BYTES) as (keyof typeof BYTES)[];
  const objects = kinds.reduce((sum, kind) => sum + rates[kind], 0);
  // Received once and on average passed on once; announced to or by every peer; asked for once each way.
  const bytes = kinds.reduce(
    (sum, kind) => sum + rates[kind] * (2 * (BYTES[kind] + PACKET_HEADER_BYTES + HASH_BYTES) + PEERS * HASH_BYTES),
    0,
  );
  // An ack is of type msg, but too short to be tried.
  return { msgs, objects, bytes };
}

function digits(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(2);
}
