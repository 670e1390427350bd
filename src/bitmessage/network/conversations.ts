/** What is said on established connections: each packet goes to the part that it concerns, and each peer's conduct is kept. */
import type { Clock } from '../../base/clock.js';
import type { Logger } from '../../base/log.js';
import type { Packet } from '../wire/frame.js';
import { decodeAddr, decodeError, encodeAddr, MAX_ADDR_COUNT } from '../wire/messages.js';
import type { AddressBook } from './address-book.js';
import { type BanList, Conduct, type Misdeed } from './misbehaviour.js';
import type { NetworkLimits } from './options.js';
import type { Peer } from './peer.js';
import type { Purpose } from './peer-pool.js';
import { shuffle } from './random-queue.js';
import { RateLimit } from './rate-limit.js';
import type { Sync } from './sync.js';

export interface ConversationRooms {
  readonly sync: () => Sync;
  readonly addressBook: AddressBook;
  readonly bans: BanList;
  readonly purpose: (peer: Peer) => Purpose | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Addresses that one peer can teach us per hour (PROTOCOL 8.2). */
const LEARNT_PER_HOUR = 200;
const MAX_LOGGED_TEXT = 1_000;
/** Some 2,700 pongs. */
const UNREAD_ANSWERS_BYTES = 64 * 1024;
/** A minute's worth may come at once: PROTOCOL 8.5. */
const PEER_BURST_SECONDS = 60;

interface Account {
  readonly conduct: Conduct;
  readonly download: RateLimit;
  learnt: { count: number; hour: number };
}

export class Conversations {
  readonly #accounts = new Map<Peer, Account>();
  readonly #downloadLimit: RateLimit;

  constructor(
    private readonly limits: NetworkLimits,
    private readonly rooms: ConversationRooms,
  ) {
    this.#downloadLimit = new RateLimit(limits.downloadBytesPerSecond, 1, rooms.clock);
  }

  established(peer: Peer): void {
    this.#accounts.set(peer, {
      conduct: new Conduct(this.rooms.clock),
      download: new RateLimit(this.#rateOf(peer), PEER_BURST_SECONDS, this.rooms.clock),
      learnt: { count: 0, hour: 0 },
    });
    const entries = this.rooms.addressBook.toSend(peer.version?.streams ?? [], MAX_ADDR_COUNT);
    if (entries.length > 0) peer.send('addr', encodeAddr(entries));
    if (this.rooms.purpose(peer) !== 'bootstrap') this.rooms.sync().add(peer);
  }

  closed(peer: Peer): void {
    this.#accounts.delete(peer);
    this.rooms.sync().remove(peer);
  }

  received(peer: Peer, bytes: number): void {
    this.#downloadLimit.spend(bytes);
    if (!this.#downloadLimit.isOpen()) peer.pause('download limit');
    const account = this.#accounts.get(peer);
    account?.download.spend(bytes);
    if (account?.download.isOpen() === false) peer.pause('peer limit');
  }

  /** Called every second: reading goes on where a limit allows it again. */
  tick(): void {
    const isOpen = this.#downloadLimit.isOpen();
    for (const [peer, account] of this.#accounts) {
      if (isOpen) peer.resume('download limit');
      if (account.download.isOpen()) peer.resume('peer limit');
    }
  }

  packet(peer: Peer, { command, payload, digest }: Packet): Promise<void> | undefined {
    switch (command) {
      case 'inv':
        return this.rooms.sync().inv(peer, payload);
      case 'dinv':
        return this.rooms.sync().dinv(peer, payload);
      case 'getdata':
        return this.rooms.sync().getdata(peer, payload);
      case 'object':
        this.rooms.sync().object(peer, payload, digest);
        break;
      case 'addr':
        this.#learn(peer, payload);
        break;
      case 'ping':
        // Who does not read the answers does not get more of them.
        if (peer.bufferedBytes < UNREAD_ANSWERS_BYTES) peer.send('pong');
        break;
      case 'error':
        this.rooms.log.debug('error from peer', { peer: peer.id, text: decodeError(payload).text.slice(0, MAX_LOGGED_TEXT) });
        break;
      case 'version':
      case 'verack':
        this.misdeed(peer, 'protocol-violation');
        break;
      default: // pong, portcheck (answering it harms PyBitmessage), and what nobody knows
    }
    return undefined;
  }

  /** Notes it; ends the connection and refuses the address when it was too much. */
  misdeed(peer: Peer, misdeed: Misdeed): void {
    if (this.#accounts.get(peer)?.conduct.record(misdeed) !== true) return;
    this.rooms.log.debug('peer closed for its conduct', { peer: peer.id, misdeed });
    if (this.rooms.purpose(peer) !== 'configured') this.rooms.bans.ban(peer.address.host);
    peer.close(misdeed);
  }

  #learn(peer: Peer, payload: Uint8Array): void {
    const account = this.#accounts.get(peer);
    if (account === undefined) return;
    const hour = Math.floor(this.rooms.clock.now() / 3600);
    if (account.learnt.hour !== hour) account.learnt = { count: 0, hour };
    if (account.learnt.count >= LEARNT_PER_HOUR) return;
    for (const entry of shuffle(decodeAddr(payload))) {
      if (account.learnt.count++ >= LEARNT_PER_HOUR) break;
      if (!this.rooms.addressBook.learn(entry)) this.misdeed(peer, 'malformed-address');
    }
    if (this.rooms.purpose(peer) === 'bootstrap') peer.close('bootstrapped');
  }

  /** Peers that we named ourselves are trusted with our line. */
  #rateOf(peer: Peer): number {
    return this.rooms.purpose(peer) === 'configured' ? 0 : this.limits.peerDownloadBytesPerSecond;
  }
}
