/** REPLACE and UID REPLACE, RFC 8508: a new version of a message takes the place of the old one, in one step. */
import { type Command, SELECTED } from '../command.js';
import { ImapNo } from '../folder-rules.js';
import { noteOwnMessages, quietly } from '../own-changes.js';
import type { Session } from '../session.js';
import { Staging } from '../staging.js';
import { prepare } from './append.js';
import { type AppendedMessage, parseMessage } from './append-syntax.js';
import { highestModseq, requireReadWrite } from './expunge.js';
import { findTarget } from './folder.js';

interface Replace {
  readonly old: number | '*';
  readonly target: string | null;
  readonly message: AppendedMessage;
}

export const replace = replaceCommand('number');
export const uidReplace = replaceCommand('uid');

function replaceCommand(by: 'number' | 'uid'): Command<Replace> {
  return {
    states: SELECTED,
    expunges: true,
    byNumber: by === 'number',
    parse: (args) => {
      args.space();
      const old = args.skip('*') ? '*' : args.number32(1);
      args.space();
      return { old, target: args.mailbox(), message: parseMessage(args) };
    },
    run: async ({ old, target, message }, session) => {
      requireReadWrite(session);
      const [uid] = session.view.resolve({ kind: 'ranges', ranges: [{ from: old, to: old }] }, by);
      if (uid === undefined) throw new ImapNo('NONEXISTENT', 'No such message');
      const { path } = findTarget(session, target);
      const newUid = await exchange(session, uid, path, message);
      // RFC 8508 §3.1: before the EXISTS and the EXPUNGE, which the session tells after this command.
      session.send(`* OK [APPENDUID ${findTarget(session, path).uidValidity} ${newUid}] Replacement is there\r\n`);
      return highestModseq(session);
    },
  };
}

async function exchange(session: Session, uid: number, path: string, message: AppendedMessage): Promise<number> {
  const staging = new Staging(session);
  try {
    return await exchangeStaged(session, uid, path, message, staging);
  } finally {
    staging.close();
  }
}

async function exchangeStaged(session: Session, uid: number, path: string, message: AppendedMessage, staging: Staging): Promise<number> {
  const { mailboxes, folders } = session.rooms;
  const source = session.view.mailbox();
  if (source === undefined) throw new ImapNo('NONEXISTENT', 'The selected mailbox is gone');
  const prepared = await prepare(session, path, message, staging);
  const [entry] = await staging.entries();
  await folders.beforeExpunge(session.login, source.path, [uid]);
  if (mailboxes.entries(source.id, [uid]).length === 0) throw new ImapNo('EXPUNGEISSUED', 'Another client has removed this message');
  if (prepared.kind === 'existing') {
    mailboxes.expunge(source.id, [uid]);
    return prepared.uid;
  }
  const { id } = findTarget(session, path);
  const newUid = quietly(session, () => mailboxes.replace(source.id, uid, id, entry));
  noteOwnMessages(session, id, [newUid]);
  return newUid;
}
