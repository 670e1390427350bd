/** What a client changes itself: NOTIFY does not tell it of that (RFC 5465 §5). */
import type { Session } from './session.js';

/** One step of the store that the client itself takes. */
export function quietly<T>({ notifications }: Session, change: () => T): T {
  return notifications === null ? change() : notifications.quietly(change);
}

/** The client itself has put these messages into a folder. */
export function noteOwnMessages(session: Session, mailboxId: number, uids: readonly number[]): void {
  if (session.state === 'selected' && session.view.id === mailboxId) session.notifications?.noteOwnMessages(uids);
}
