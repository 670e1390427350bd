/** Publishes our own pubkeys: when one is asked for, when an identity is new, and again before the last one expires. */
import type { Clock, UnixSeconds } from '../../base/clock.js';
import type { Logger } from '../../base/log.js';
import { TaskGroup } from '../../base/task-group.js';
import type { Difficulty } from '../../pow/target.js';
import { buildPubkey } from '../objects/pubkey.js';
import { readObjectHeader } from '../wire/object.js';
import { MAX_TTL_SECONDS } from '../wire/params.js';
import { Bell } from './bell.js';
import { authorOf, type Identities, type OwnIdentity, type UsableIdentity } from './identities.js';
import { drawDelay, type MessagingOptions } from './options.js';
import { ttlJitter } from './outgoing.js';
import type { Publisher } from './publisher.js';
import { runRounds } from './rounds.js';

export interface PubkeyPublisherOptions extends Pick<MessagingOptions, 'pubkeyDelay' | 'pubkeyAnswerIntervalSeconds' | 'publishPubkeys'> {
  readonly minimum: Difficulty;
}

/** So long before the expiry a new one is made: a day's absence must not leave a gap. */
const RENEW_BEFORE_SECONDS = 86_400;
/** No pubkey expires later than this from now, unless the clock was wrong when it was made: then nobody took it. */
const LATEST_EXPIRY_SECONDS = MAX_TTL_SECONDS + 3_600;

export class PubkeyPublisher {
  readonly #tasks: TaskGroup;
  readonly #bell: Bell;

  constructor(
    private readonly options: PubkeyPublisherOptions,
    private readonly rooms: {
      readonly identities: Identities;
      readonly publisher: Publisher;
      readonly transaction: <T>(work: () => T) => T;
      readonly clock: Clock;
      readonly log: Logger;
    },
  ) {
    this.#tasks = new TaskGroup((error) => rooms.log.error('publishing pubkeys ended', error));
    this.#bell = new Bell(rooms.clock);
  }

  start(): void {
    this.rooms.identities.onChange(() => this.#bell.ring());
    this.#tasks.run((signal) => runRounds('publishing pubkeys', () => this.#round(signal), signal, this.rooms));
  }

  stop(): Promise<void> {
    return this.#tasks.stop();
  }

  /**
   * Somebody asks for this identity's key. Every request is answered with a new object, for PyBitmessage may hold the old
   * one and not find it; but requests close together share one answer. Joins the running transaction.
   */
  request({ address, enabled, chan, pubkeyDueAt, pubkeyAnsweredAt }: OwnIdentity): void {
    if (!enabled || chan || pubkeyDueAt > 0) return;
    const { pubkeyDelay, pubkeyAnswerIntervalSeconds } = this.options;
    const now = this.rooms.clock.now();
    const soonest = now + drawDelay(pubkeyDelay, Math.random());
    const dueAt =
      pubkeyAnsweredAt === 0 || pubkeyAnsweredAt > now ? soonest : Math.max(soonest, pubkeyAnsweredAt + pubkeyAnswerIntervalSeconds);
    this.rooms.identities.update(address, { pubkeyDueAt: dueAt });
  }

  async #round(signal: AbortSignal): Promise<void> {
    const next = this.#dueTimes().sort((a, b) => a.time - b.time)[0];
    if (next !== undefined && next.time <= this.rooms.clock.now()) await this.#publish(next.identity, signal);
    else await this.#bell.waitUntil(next?.time, signal);
  }

  #dueTimes(): { identity: UsableIdentity; time: UnixSeconds }[] {
    const { pubkeyDelay, pubkeyAnswerIntervalSeconds, publishPubkeys } = this.options;
    const now = this.rooms.clock.now();
    const latestAnswer = now + Math.max(pubkeyDelay.max, pubkeyAnswerIntervalSeconds);
    return this.rooms.identities
      .usable()
      .filter(({ chan }) => !chan)
      .flatMap((identity) => {
        const { pubkeyExpiresAt, pubkeyDueAt } = identity;
        const isValid = pubkeyExpiresAt <= now + LATEST_EXPIRY_SECONDS;
        const renewal = publishPubkeys ? [isValid ? Math.max(pubkeyExpiresAt - RENEW_BEFORE_SECONDS, 0) : now] : [];
        const answer = pubkeyDueAt > 0 ? [Math.min(pubkeyDueAt, latestAnswer)] : [];
        return [...renewal, ...answer].map((time) => ({ identity, time }));
      });
  }

  async #publish(identity: UsableIdentity, signal: AbortSignal): Promise<void> {
    const { identities, publisher, transaction, clock, log } = this.rooms;
    const author = authorOf(identity, identity.demand);
    const object = await publisher.mine((now) => buildPubkey(author, now + MAX_TTL_SECONDS + ttlJitter(Math.random())), {
      demand: this.options.minimum,
      signal,
    });
    const { address } = identity;
    transaction(() => {
      const { enabled = false, pubkeyDueAt = 0, pubkeyAnsweredAt = 0 } = identities.find(address) ?? {};
      if (!enabled) return;
      publisher.publish(object);
      identities.update(address, {
        pubkeyExpiresAt: readObjectHeader(object).expiresAt,
        pubkeyAnsweredAt: pubkeyDueAt > 0 ? clock.now() : pubkeyAnsweredAt,
        pubkeyDueAt: 0,
      });
    });
    log.info('pubkey published');
  }
}
