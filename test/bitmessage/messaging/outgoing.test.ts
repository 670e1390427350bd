import assert from 'node:assert/strict';
import {
  ackTtl,
  answerWait,
  fromStored,
  getpubkeyTtl,
  isFinal,
  isOver,
  isUnderWay,
  messageTtl,
  type OutgoingEvent,
  step,
  toStored,
  ttlJitter,
} from '../../../src/bitmessage/messaging/outgoing.js';
import type { Outgoing } from '../../../src/bitmessage/node.js';

const heldBack: Outgoing = { state: 'held-back', until: 300 };
const queued: Outgoing = { state: 'queued' };
const awaitingPubkey: Outgoing = { state: 'awaiting-pubkey', askAgainAt: 500 };
const mining: Outgoing = { state: 'mining' };
const awaitingAck: Outgoing = { state: 'awaiting-ack', expiresAt: 900 };
const sent: Outgoing = { state: 'sent' };
const delivered: Outgoing = { state: 'delivered', at: 700 };
const noAck: Outgoing = { state: 'failed', reason: 'no-acknowledgement' };
const tooLarge: Outgoing = { state: 'failed', reason: 'too-large' };
const cancelled: Outgoing = { state: 'cancelled' };
const STATES = [heldBack, queued, awaitingPubkey, mining, awaitingAck, sent, delivered, noAck, tooLarge, cancelled];

const ack: OutgoingEvent = { event: 'acknowledged', at: 700 };
const giveUp: OutgoingEvent = { event: 'gave-up', reason: 'no-acknowledgement' };

/** What changes something; every other pair of state and event must change nothing. */
const CHANGES: readonly (readonly [Outgoing, OutgoingEvent, Outgoing])[] = [
  [heldBack, { event: 'time-came' }, queued],
  [queued, { event: 'pubkey-requested', askAgainAt: 500 }, awaitingPubkey],
  [awaitingPubkey, { event: 'look-again' }, queued],
  [queued, { event: 'work-started' }, mining],
  [mining, { event: 'work-lost' }, queued],
  [mining, { event: 'published', expiresAt: 900 }, awaitingAck],
  [mining, { event: 'published-without-ack' }, sent],
  [awaitingAck, { event: 'ack-overdue' }, queued],
  [noAck, { event: 'retried' }, queued],
  [tooLarge, { event: 'retried' }, queued],
  ...[heldBack, queued, awaitingPubkey, mining, awaitingAck, sent, noAck].map((state) => [state, ack, delivered] as const),
  ...[heldBack, queued, awaitingPubkey, mining, awaitingAck].map((state) => [state, giveUp, noAck] as const),
  ...[heldBack, queued, awaitingPubkey, mining].map((state) => [state, { event: 'cancelled' }, cancelled] as const),
];
const EVENTS = [...new Map(CHANGES.map(([, event]) => [event.event, event])).values()];

describe('outgoing', () => {
  for (const [from, event, to] of CHANGES) {
    it(`goes from ${describeState(from)} by ${event.event} to ${describeState(to)}`, () => assert.deepEqual(step(from, event), to));
  }

  it('stays as it is where an event means nothing', () => {
    const changing = new Set(CHANGES.map(([from, event]) => `${describeState(from)} ${event.event}`));
    for (const state of STATES) {
      for (const event of EVENTS) {
        const name = `${describeState(state)} ${event.event}`;
        if (!changing.has(name)) assert.equal(step(state, event), state, name);
      }
    }
  });

  it('comes back from its row as it went in', () => {
    for (const state of STATES) assert.deepEqual(fromStored(toStored(state)), state);
    assert.throws(() => fromStored({ state: 'doingpow', stateTime: 0, reason: '' }), /doingpow/);
  });

  it('is either under way, out, or at its end', () => {
    assert.deepEqual(STATES.filter(isUnderWay), [heldBack, queued, awaitingPubkey, mining]);
    assert.deepEqual(STATES.filter(isFinal), [sent, delivered, noAck, tooLarge, cancelled]);
  });
});

describe('times of a message', () => {
  const days = (count: number): number => count * 86_400;

  it('doubles the TTL at each attempt, up to 28 days', () => {
    assert.deepEqual(
      [0, 1, 2, 3, 4].map((attempt) => messageTtl(days(4), attempt)),
      [days(4), days(8), days(16), days(28), days(28)],
    );
  });

  for (const [wanted, ttl, why] of [
    [60, 3_600, 'never below an hour'],
    [days(60), days(28), 'never above 28 days'],
    [0, 367_200, 'PyBitmessage’s default when none is named'],
  ] as const) {
    it(`makes ${wanted} s a TTL of ${ttl} s: ${why}`, () => assert.equal(messageTtl(wanted, 0), ttl));
  }

  it('asks for a key with 2.5 days, doubled each time, up to 28', () => {
    assert.deepEqual([0, 1, 2, 3, 4].map(getpubkeyTtl), [216_000, 432_000, 864_000, 1_728_000, days(28)]);
  });

  for (const [ttl, expected] of [
    [days(1) - 1, days(1)],
    [days(1), days(7)],
    [days(7) - 1, days(7)],
    [days(7), days(28)],
  ] as const) {
    it(`gives the ack of a message of ${ttl} s ${expected} s`, () => assert.equal(ackTtl(ttl), expected));
  }

  it('waits a tenth longer than the TTL', () => assert.equal(answerWait(1000), 1100));

  it('jitters by −300 … +299 s', () => assert.deepEqual([ttlJitter(0), ttlJitter(0.999999)], [-300, 299]));

  for (const [attempts, age, over] of [
    [4, 0, false],
    [5, 0, true],
    [1, days(28) - 1, false],
    [1, days(28), true],
  ] as const) {
    it(`${over ? 'gives up' : 'goes on'} after ${attempts} attempts and ${age} s`, () =>
      assert.equal(isOver({ maxAttempts: 5, giveUpAfterSeconds: days(28) }, attempts, 1_000_000, 1_000_000 + age), over));
  }
});

function describeState(outgoing: Outgoing): string {
  return outgoing.state === 'failed' ? `failed(${outgoing.reason})` : outgoing.state;
}
