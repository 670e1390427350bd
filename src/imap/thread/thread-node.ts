/** What threads are made of, and made from. */
import type { UnixSeconds } from '../../base/clock.js';

export interface ThreadRow {
  readonly uid: number;
  /** '' when it has none. */
  readonly messageId: string;
  /** Message-IDs, oldest first. */
  readonly references: readonly string[];
  /** RFC 5256 base subject, folded. */
  readonly subject: string;
  readonly isReply: boolean;
  /** The Date header, or when it was received. */
  readonly sentAt: UnixSeconds;
}

export interface ThreadNode {
  /** Null: a message that others refer to and that is not here. */
  readonly row: ThreadRow | null;
  children: ThreadNode[];
}
