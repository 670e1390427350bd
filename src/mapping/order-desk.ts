/** Carries out what one's own mails to the control address ask for, each thing once, and answers by mail. Nothing received comes here. */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../base/clock.js';
import type { Logger } from '../base/log.js';
import { TaskGroup } from '../base/task-group.js';
import { composeMail } from '../mime/compose-mail.js';
import type { ReadMail } from '../mime/read-mail.js';
import type { Database } from '../store/database.js';
import type { Mailboxes } from '../store/mail/types.js';
import type { Order, Orders } from '../store/orders.js';
import type { Words } from '../words/words.js';
import { CONTROL_ADDRESS, MAIL_DOMAIN, toMailAddress } from './address.js';
import { orderLines } from './order-lines.js';
import { referencesTo } from './threading.js';

/** Who knows what can be asked for. */
export interface Clerk {
  understands(line: string): boolean;
  /** Answers in words, whatever happens. `done` false: it was not understood, or refused. */
  carryOut(line: string): Promise<{ readonly done: boolean; readonly text: string }>;
  /** All that can be asked for. */
  help(): string;
}

export interface OrderDeskRooms {
  readonly database: Database;
  readonly mailboxes: Mailboxes;
  readonly orders: Orders;
  readonly clerk: Clerk;
  readonly clock: Clock;
  readonly log: Logger;
  readonly words: Words;
}

/** A mail program that sends a mail again does so within hours. */
const KEEP_SECONDS = 30 * 86_400;

export class OrderDesk {
  readonly #tasks = new TaskGroup((error) => this.rooms.log.error('an order was not carried out', error));
  #wake = new AbortController();

  constructor(private readonly rooms: OrderDeskRooms) {}

  /** Begins, with what the last run left. */
  start(): void {
    this.#tasks.run((signal) => this.#run(signal));
  }

  stop(): Promise<void> {
    return this.#tasks.stop();
  }

  /** It is on the disk when this returns. Answers false when the same mail came before. */
  take(mail: ReadMail, identity: string): boolean {
    const { clerk, clock, database, orders } = this.rooms;
    const messageId = mail.messageId ?? `<${randomUUID()}@${MAIL_DOMAIN}>`;
    const lines = orderLines(mail, (line) => clerk.understands(line));
    const references = referencesTo({ messageId, references: [...mail.answers].reverse().join(' ') });
    return database.transaction(() => {
      orders.prune(clock.now() - KEEP_SECONDS);
      const order = { identity, messageId, references, subject: mail.subject, lines, createdAt: clock.now() };
      database.afterCommit(() => this.#wake.abort());
      return orders.add(order);
    });
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#wake = new AbortController();
      const order = this.rooms.orders.first();
      if (order === undefined) await this.rooms.clock.sleep(Number.POSITIVE_INFINITY, AbortSignal.any([signal, this.#wake.signal]));
      else await this.#carryOut(order, signal);
    }
  }

  async #carryOut(order: Order, signal: AbortSignal): Promise<void> {
    const { clerk, clock, database, mailboxes, orders, words } = this.rooms;
    const answers = [...order.answers];
    for (const [index, line] of order.lines.entries()) {
      if (signal.aborted) return;
      if (index < answers.length) continue;
      // Begun, and then the program stopped: doing it again could do it twice.
      const text = index < order.begun ? words.orders.interrupted : await this.#ask(order.id, index, line);
      answers.push(`> ${line}\n\n${text}`);
      orders.setAnswers(order.id, answers);
    }
    const text = answers.length === 0 ? clerk.help() : answers.join('\n\n');
    const raw = await composeMail({
      from: { name: 'Postern', address: CONTROL_ADDRESS },
      to: [{ name: '', address: toMailAddress(order.identity) }],
      subject: order.subject === '' ? words.mails.orderAnswer : `Re: ${order.subject.replace(/^re:\s*/i, '')}`,
      date: clock.now(),
      messageId: `<${randomUUID()}@${MAIL_DOMAIN}>`,
      inReplyTo: order.messageId,
      references: order.references,
      fields: [['Auto-Submitted', 'auto-replied']],
      text: `${text}\n`,
      files: [],
    });
    database.transaction(() => {
      if (!orders.close(order.id)) return;
      mailboxes.append(mailboxes.find('INBOX')!.id, [{ raw, flags: [], internalDate: clock.now(), identity: order.identity }]);
    });
  }

  async #ask(id: number, index: number, line: string): Promise<string> {
    const { clerk, orders } = this.rooms;
    orders.setBegun(id, index + 1);
    const { done, text } = await clerk.carryOut(line);
    return done ? text : `${text}\n\n${clerk.help()}`;
  }
}
