/** DOOR: the house decides what a folder name means; the IMAP server asks before a folder or its content changes. */
import type { Login } from '../access/login.js';
import { Refusal } from '../words/refusal.js';
import type { Saying } from '../words/words.js';

export interface AppendRequest {
  readonly path: string;
  readonly raw: Buffer;
  readonly flags: readonly string[];
}

export type AppendDecision =
  /** Store it as mail of this identity ('' = of none in particular). */
  | { kind: 'store'; identity: string }
  /** It is here already (the client's copy of what was just submitted): answer with this UID. */
  | { kind: 'existing'; uid: number };

export interface FolderRules {
  /** CREATE. Makes the folder, and whatever it stands for (a chan, a subscription). @throws ImapNo */
  create(login: Login, path: string, specialUse: string | null): Promise<void>;
  /** RENAME, of a whole tree. @throws ImapNo */
  rename(login: Login, from: string, to: string): Promise<void>;
  /** DELETE. @throws ImapNo */
  remove(login: Login, path: string): Promise<void>;
  /** The largest message that this folder takes by APPEND, bytes; 0: none at all. The client can ask before it sends (RFC 7889). */
  appendLimit(path: string): number;
  /** APPEND: asked before the message is stored. @throws ImapNo */
  append(login: Login, request: AppendRequest): Promise<AppendDecision>;
  /** Entries are about to leave a folder for ever; deleting from Outbox cancels the sending. @throws ImapNo */
  beforeExpunge(login: Login, path: string, uids: readonly number[]): Promise<void>;
  /** MOVE or COPY is about to happen; refuses e.g. moving into Outbox. @throws ImapNo */
  beforeTransfer(login: Login, from: string, to: string, uids: readonly number[], kind: 'copy' | 'move'): Promise<void>;
  /** Whether this login sees the folder at all. */
  visible(login: Login, path: string): boolean;
}

/** "NO [code] message": the client may show the message to the person. */
export class ImapNo extends Refusal {
  override readonly name = 'ImapNo';

  /**
   * @param code an RFC 5530 / RFC 9051 response code without brackets, e.g. "CANNOT", or '' for none
   * @param text what the person reads; a string where no person ever does, but whoever writes the client
   */
  constructor(
    readonly code: string,
    text: Saying | string,
  ) {
    super(typeof text === 'string' ? () => text : text);
  }
}
