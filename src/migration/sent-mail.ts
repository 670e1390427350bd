/** Sent messages of PyBitmessage become mails in Sent; unfinished ones go on from where they stopped when that is asked for. */
import { createHash } from 'node:crypto';
import type { BitmessageNode } from '../bitmessage/node.js';
import type { TakenOutgoing, Takeover } from '../bitmessage/takeover.js';
import { keywordsOf, type Standing } from '../mapping/standing.js';
import type { ForeignSentRow } from '../store/foreign/pybitmessage.js';
import type { Imports } from '../store/imports.js';
import type { Links } from '../store/links/links.js';
import type { Submission } from '../store/links/submissions.js';
import type { Mailboxes } from '../store/mail/types.js';
import { type ComposedMail, contentOf, derivedMessageId, type ForeignMail, type ForeignText } from './foreign-mail.js';
import { type SentStanding, standingOfSent } from './formats/sent-status.js';
import { toForeignText } from './received-mail.js';
import type { Outcome } from './report.js';

export interface SentMailRooms {
  readonly mail: ForeignMail;
  readonly imports: Imports;
  readonly links: Links;
  readonly mailboxes: Mailboxes;
  readonly node: BitmessageNode;
  readonly takeover: Takeover;
}

export interface PreparedSent {
  readonly row: ForeignSentRow;
  readonly message: ForeignText;
  readonly standing: SentStanding;
  /** Null when the mail is here. */
  readonly composed: ComposedMail | null;
}

const KIND = 'sent';
const RESUMED = 'resumed';
const HASH_BYTES = 32;
/** Since protocol version 3 ackdata begins with an object's type and version; before, it was these random bytes alone. */
const OLD_ACKDATA_BYTES = 32;
/** Type msg, version 1, stream 1: what PyBitmessage puts before ackdata of that time (PROTOCOL 4.7). */
const OLD_ACKDATA_PREFIX = Uint8Array.of(0, 0, 0, 2, 1, 1);
/** UIDs count from 1. */
const NOWHERE = 0;

export class SentMail {
  constructor(
    private readonly options: { readonly resume: boolean },
    private readonly rooms: SentMailRooms,
  ) {}

  /** Whether nothing is left to do. */
  isKnown(row: ForeignSentRow): boolean {
    return this.rooms.imports.has(KIND, keyOf(row)) && !this.#isToResume(row);
  }

  /** Undefined when the addresses are none. */
  async prepare(row: ForeignSentRow): Promise<PreparedSent | undefined> {
    const message = toForeignText(row, row.sentTime, this.rooms.node.identities());
    if (message === undefined) return undefined;
    const standing = standingOfSent(row.status, row.folder);
    if (this.rooms.imports.has(KIND, keyOf(row))) return { row, message, standing, composed: null };
    const fields = [
      ['X-Imported-From', 'PyBitmessage'],
      ['X-Bitmessage-Status', `${row.status.replace(/[^\w-]/g, '')} since ${new Date(row.lastActionTime * 1000).toUTCString()}`],
    ] as const;
    return { row, message, standing, composed: await this.rooms.mail.compose(message, messageIdOf(row), fields) };
  }

  /** Inside the caller's transaction. */
  store(prepared: PreparedSent): Outcome {
    const { imports } = this.rooms;
    const isNew = prepared.composed !== null && imports.claim(KIND, keyOf(prepared.row));
    if (isNew) this.#append(prepared, prepared.composed);
    const isResumed = this.#isToResume(prepared.row) && this.#resume(prepared);
    return isNew || isResumed ? 'taken' : 'known';
  }

  #append({ row, message, standing }: PreparedSent, { raw, messageId, thread, references }: ComposedMail): void {
    const { links, mailboxes } = this.rooms;
    const isDraft = standing.kind === 'draft';
    const sent = mailboxes.find('Sent')!;
    const folder = row.folder === 'trash' ? mailboxes.find('Trash')! : isDraft ? mailboxes.find('Drafts')! : sent;
    const recipient = standingHere(standing);
    const flags = isDraft ? ['\\Seen', '\\Draft'] : ['\\Seen', ...keywordsOf([recipient])];
    const [uid] = mailboxes.append(folder.id, [{ raw, flags, internalDate: row.sentTime, identity: message.from }]);
    if (isDraft) return;
    const submissionId = links.submissions.add({
      messageId,
      contentId: mailboxes.entries(folder.id, [uid])[0].messageId,
      identity: message.from,
      outboxUid: NOWHERE,
      sentUid: folder.id === sent.id ? uid : NOWHERE,
      references,
      envelopeId: '',
      returnFull: false,
      releaseRequest: '',
      createdAt: row.sentTime,
    });
    const { to: address } = message;
    const given = { submissionId, address, typed: address, original: '', notify: '', thread, standing: recipient.standing };
    links.recipients.addSentElsewhere(given, recipient.wasOut, row.msgid.length === HASH_BYTES ? row.msgid : null);
  }

  #isToResume(row: ForeignSentRow): boolean {
    const isUnfinished = ['queued', 'awaiting-pubkey', 'awaiting-ack'].includes(standingOfSent(row.status, row.folder).kind);
    return this.options.resume && isUnfinished && row.folder === 'sent' && !this.rooms.imports.has(RESUMED, keyOf(row));
  }

  /** False when it cannot be: its sender's keys are gone, or the mail is. */
  #resume({ row, message, standing }: PreparedSent): boolean {
    const { imports, links, node, takeover } = this.rooms;
    const submission = links.submissions.byMessageId(messageIdOf(row));
    const [recipient] = submission === undefined ? [] : links.recipients.of(submission.id);
    const canSend = node.identities().some(({ address, enabled }) => enabled && address === message.from);
    if (submission === undefined || recipient === undefined || !canSend) return false;
    imports.claim(RESUMED, keyOf(row));
    const id = takeover.outgoing(begunMessage(row, message, standing));
    if (id === undefined) return false;
    links.recipients.continueSentElsewhere(recipient.outgoingId, id, standing.kind === 'awaiting-ack' ? 'submitted' : 'pending');
    if (standing.kind !== 'awaiting-ack') this.#moveToOutbox(submission);
    return true;
  }

  /** What was never on the network waits where such mail waits, until the node says that it is out. */
  #moveToOutbox(submission: Submission): void {
    const { links, mailboxes } = this.rooms;
    const [sent, outbox] = [mailboxes.find('Sent')!, mailboxes.find('Outbox')!];
    const [outboxUid = NOWHERE] = mailboxes.move(sent.id, [submission.sentUid], outbox.id).to;
    links.submissions.place(submission.id, { outboxUid, sentUid: NOWHERE });
  }
}

/** "Cancelled" wears no keyword: it is neither out nor on its way. */
function standingHere(standing: SentStanding): { standing: Standing; wasOut: boolean } {
  switch (standing.kind) {
    case 'finished':
      return { standing: standing.standing, wasOut: standing.standing !== 'failed' };
    case 'awaiting-ack':
      return { standing: 'submitted', wasOut: true };
    case 'awaiting-pubkey':
    case 'queued':
    case 'draft':
      return { standing: 'cancelled', wasOut: false };
  }
}

function begunMessage(row: ForeignSentRow, message: ForeignText, standing: SentStanding): TakenOutgoing {
  const { kind, from, to } = message;
  const content = contentOf(message);
  const ackdata = kind === 'message' ? ackdataOf(row) : null;
  const isAwaitingAck = standing.kind === 'awaiting-ack' && ackdata !== null;
  return {
    kind,
    from,
    to,
    encoding: [1, 2, 3].includes(row.encodingType) ? row.encodingType : 2,
    content,
    ttlSeconds: row.ttl,
    outgoing: isAwaitingAck ? { state: 'awaiting-ack', expiresAt: row.sleepTill } : { state: 'queued' },
    // Retries for the key are counted in the same column, and forgotten when it comes.
    attempts: isAwaitingAck ? Math.max(row.retryNumber, 1) : 0,
    ackdata,
    objectHash: row.msgid.length === HASH_BYTES ? row.msgid : null,
    createdAt: row.sentTime,
    pubkeyRequest: standing.kind === 'awaiting-pubkey' ? { requests: Math.max(row.retryNumber, 1), askAgainAt: row.sleepTill } : null,
  };
}

/** Null: what is there means nothing to anybody. */
function ackdataOf({ ackdata }: ForeignSentRow): Uint8Array | null {
  if (ackdata.length < OLD_ACKDATA_BYTES) return null;
  return ackdata.length === OLD_ACKDATA_BYTES ? Buffer.concat([OLD_ACKDATA_PREFIX, ackdata]) : ackdata;
}

/** ackdata is drawn once for each message; rows of gateways have none. */
function keyOf(row: ForeignSentRow): Uint8Array {
  const hash = createHash('sha256');
  if (row.ackdata.length > 0) return hash.update(row.ackdata).digest();
  const { fromAddress, toAddress, subject, message, sentTime } = row;
  return hash.update(JSON.stringify([fromAddress, toAddress, subject, message, sentTime])).digest();
}

/** ackdata itself is a secret between both ends, so only its hash shows. */
function messageIdOf(row: ForeignSentRow): string {
  return derivedMessageId('sent', keyOf(row));
}
