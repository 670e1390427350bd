/**
 * The picture of one folder that a client has to keep: message numbers by what it was told, flags as last told. It complains at
 * once about what it cannot have been told.
 */
import assert from 'node:assert/strict';
import type { LineClient } from './line-client.js';

export interface PicturedMessage {
  uid: number | null; // null: only EXISTS was told so far
  flags: string | null; // null: not told
}

/**
 * How a client follows the folder: by asking (with EXPUNGE or VANISHED, with mod-sequences, or without message numbers, RFC 9586), or
 * told at any time (RFC 5465), EXPUNGE too or not.
 */
export type Manner = 'asks' | 'condstore' | 'qresync' | 'uidonly' | 'notify' | 'notify-delayed';

export class Picture {
  messages: PicturedMessage[] = [];
  idling = false;
  /** The result of a search that the server keeps up to date (RFC 5267). */
  flagged = new Set<number>();
  updates = 0;

  uidValidity = 0;
  /** All changes up to this mod-sequence were told (RFC 7162 §3.2): where to go on from after the line broke. */
  heardTo = 0;

  constructor(
    readonly manner: Manner,
    public client: LineClient,
  ) {}

  get name(): string {
    return this.manner;
  }

  /** Messages of which more than their number is known. */
  get knownUids(): number[] {
    return this.messages.map(({ uid }) => uid).filter((uid) => uid !== null);
  }

  /** Whether VANISHED names UIDs, so that the client must know them. */
  get vanishes(): boolean {
    return this.manner === 'qresync' || this.manner === 'uidonly';
  }

  /** From where on the client has to ask after its line broke: of some it may only have heard that they are there. */
  get firstUnknownUid(): number {
    const unknown = this.messages.findIndex(({ uid, flags }) => uid === null || flags === null);
    const known = unknown === -1 ? this.messages : this.messages.slice(0, unknown);
    return (known.at(-1)?.uid ?? 0) + 1;
  }

  /** Takes in the untagged lines of an answer. @param numbersHold no EXPUNGE may come */
  hear(lines: readonly string[], numbersHold: boolean): void {
    for (const line of lines) {
      this.#hearSearch(line);
      this.#hearModseq(line);
      const exists = /^\* (\d+) EXISTS$/.exec(line);
      const expunge = /^\* (\d+) EXPUNGE$/.exec(line);
      const vanished = /^\* VANISHED ([\d:,]+)$/.exec(line);
      const fetch = /^\* (\d+) FETCH \((.*)$/.exec(line); // the line may end in a literal
      const uidFetch = /^\* (\d+) UIDFETCH \((.*)$/.exec(line);
      if (exists !== null) {
        assert.ok(Number(exists[1]) >= this.messages.length, `${this.name}: EXISTS may only grow: ${line}`);
        while (this.messages.length < Number(exists[1])) this.messages.push({ uid: null, flags: null });
      } else if (expunge !== null) {
        assert.ok(!this.vanishes, `${this.name}: ${line}`);
        // Told at any time: the EXPUNGE may have been on its way when the command was sent.
        if (this.manner !== 'notify') assert.equal(numbersHold, false, `${this.name}: EXPUNGE while numbers hold`);
        assert.ok(this.messages[Number(expunge[1]) - 1], `${this.name}: ${line} of ${this.messages.length}`);
        this.messages.splice(Number(expunge[1]) - 1, 1);
      } else if (vanished !== null) {
        assert.equal(numbersHold, false, `${this.name}: VANISHED while numbers hold`);
        for (const uid of expand(vanished[1])) {
          const known = this.messages.findIndex((message) => message.uid === uid);
          // One that came and went while the client was in IDLE: UIDs ascend, so it stands before the next that is known. A client
          // without numbers only knows that there is one more.
          const next = this.manner === 'uidonly' ? -1 : this.messages.findIndex((message) => message.uid !== null && message.uid > uid);
          const before = next < 0 ? this.messages : this.messages.slice(0, next);
          const at = known >= 0 ? known : before.findLastIndex((message) => message.uid === null);
          assert.ok(at >= 0, `${this.name}: ${line} is not known`);
          this.messages.splice(at, 1);
        }
      } else if (fetch !== null) {
        assert.notEqual(this.manner, 'uidonly', line);
        this.#hearFetch(Number(fetch[1]), fetch[2], line);
      } else if (uidFetch !== null) {
        this.#hearUidFetch(Number(uidFetch[1]), uidFetch[2], line);
      }
    }
  }

  /** Begins anew, with the lines of SELECT. */
  begin(lines: readonly string[]): void {
    this.messages = [];
    this.heardTo = 0;
    this.uidValidity = readUidValidity(lines);
    this.hear(lines, false);
  }

  /** Goes on after the line broke: `missed` is what was told of the time between, in VANISHED and FETCH by UID. */
  resume(missed: readonly string[], gone: (uid: number) => boolean): void {
    const known = new Map(this.messages.map(({ uid, flags }) => [uid, flags]));
    for (const line of missed) {
      this.#hearModseq(line);
      for (const uid of expand(/^\* VANISHED \(EARLIER\) ([\d:,]+)$/.exec(line)?.[1] ?? '')) known.delete(uid);
      const [, uid, flags] = /^\* \d+ FETCH \(UID (\d+) .*?FLAGS \((.*?)\)/.exec(line) ?? [];
      if (uid !== undefined) known.set(Number(uid), sortFlags(flags.split(' ')));
    }
    this.messages = [...known]
      .map(([uid, flags]) => ({ uid, flags }))
      .filter(({ uid }) => uid !== null && !gone(uid))
      .sort((a, b) => a.uid! - b.uid!);
  }

  #hearModseq(line: string): void {
    const highest = /^\* OK \[HIGHESTMODSEQ (\d+)\]/.exec(line);
    const told = /^\* .* MODSEQ \((\d+)\)/.exec(line);
    if (highest !== null) this.heardTo = Number(highest[1]);
    else if (told !== null) this.heardTo = Math.max(this.heardTo, Number(told[1]));
  }

  #hearSearch(line: string): void {
    const [, what, set] = /^\* ESEARCH \(TAG "w"\) UID (ALL |ADDTO \(0 |REMOVEFROM \(0 )([\d:,]+)\)?$/.exec(line) ?? [];
    if (set === undefined) return;
    this.updates++;
    for (const uid of expand(set)) {
      assert.equal(this.flagged.has(uid), what.startsWith('REMOVE'), `${this.name}: ${line}`);
      if (what.startsWith('REMOVE')) this.flagged.delete(uid);
      else this.flagged.add(uid);
    }
  }

  #hearFetch(number: number, items: string, line: string): void {
    const message = this.messages[number - 1];
    assert.ok(message, `${this.name}: ${line} of ${this.messages.length}`);
    const uid = /UID (\d+)/.exec(items);
    const flags = /FLAGS \((.*?)\)/.exec(items);
    if (uid !== null) {
      assert.ok(message.uid === null || message.uid === Number(uid[1]), `${this.name}: ${line}, but that number is UID ${message.uid}`);
      message.uid = Number(uid[1]);
    }
    if (flags !== null) message.flags = sortFlags(flags[1].split(' '));
  }

  /** A client without numbers keeps a set: a UID that is new to it is that of one of the messages of which only EXISTS was told. */
  #hearUidFetch(uid: number, items: string, line: string): void {
    const message = this.messages.find((known) => known.uid === uid) ?? this.messages.find((known) => known.uid === null);
    assert.ok(message, `${this.name}: ${line} of ${this.messages.length}`);
    message.uid = uid;
    this.messages.sort((a, b) => (a.uid ?? Infinity) - (b.uid ?? Infinity));
    const flags = /FLAGS \((.*?)\)/.exec(items);
    if (flags !== null) message.flags = sortFlags(flags[1].split(' '));
  }
}

export function readUidValidity(lines: readonly string[]): number {
  return Number(/\[UIDVALIDITY (\d+)\]/.exec(lines.join('\n'))![1]);
}

export function expand(set: string): number[] {
  if (set === '') return [];
  return set.split(',').flatMap((part) => {
    const [from, to = from] = part.split(':').map(Number);
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
  });
}

export function sortFlags(flags: readonly string[]): string {
  return flags
    .filter((flag) => flag !== '' && flag !== '\\Recent')
    .sort()
    .join(' ');
}
