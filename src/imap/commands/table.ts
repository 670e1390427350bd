/** Which command answers to which name. */
import type { Command } from '../command.js';
import { ImapBad } from '../wire/imap-bad.js';
import type { Lexer } from '../wire/lexer.js';
import { append } from './append.js';
import { authenticate } from './authenticate.js';
import { cancelUpdate } from './cancel-update.js';
import { capability } from './capability.js';
import { close, unselect } from './close.js';
import { compress } from './compress.js';
import { create } from './create.js';
import { remove } from './delete.js';
import { enable } from './enable.js';
import { esearch } from './esearch.js';
import { expunge, uidExpunge } from './expunge.js';
import { fetch, uidFetch } from './fetch.js';
import { id } from './id.js';
import { idle } from './idle.js';
import { list, lsub } from './list.js';
import { login } from './login.js';
import { logout } from './logout.js';
import { getMetadata, setMetadata } from './metadata.js';
import { namespace } from './namespace.js';
import { check, noop } from './noop.js';
import { notify } from './notify.js';
import { getQuota, getQuotaRoot } from './quota.js';
import { rename } from './rename.js';
import { replace, uidReplace } from './replace.js';
import { search, uidSearch } from './search.js';
import { examine, select } from './select.js';
import { sort, uidSort } from './sort.js';
import { starttls } from './starttls.js';
import { status } from './status.js';
import { store, uidStore } from './store.js';
import { subscribe, unsubscribe } from './subscribe.js';
import { thread, uidThread } from './thread.js';
import { copy, move, uidCopy, uidMove } from './transfer.js';

const COMMANDS: ReadonlyMap<string, Command<unknown>> = new Map<string, Command<unknown>>([
  ['APPEND', append],
  ['AUTHENTICATE', authenticate],
  ['CANCELUPDATE', cancelUpdate],
  ['CAPABILITY', capability],
  ['CHECK', check],
  ['CLOSE', close],
  ['COMPRESS', compress],
  ['COPY', copy],
  ['CREATE', create],
  ['DELETE', remove],
  ['ENABLE', enable],
  ['ESEARCH', esearch],
  ['EXAMINE', examine],
  ['EXPUNGE', expunge],
  ['FETCH', fetch],
  ['GETMETADATA', getMetadata],
  ['GETQUOTA', getQuota],
  ['GETQUOTAROOT', getQuotaRoot],
  ['ID', id],
  ['IDLE', idle],
  ['LIST', list],
  ['LOGIN', login],
  ['LOGOUT', logout],
  ['LSUB', lsub],
  ['MOVE', move],
  ['NAMESPACE', namespace],
  ['NOOP', noop],
  ['NOTIFY', notify],
  ['RENAME', rename],
  ['REPLACE', replace],
  ['SEARCH', search],
  ['SELECT', select],
  ['SETMETADATA', setMetadata],
  ['SORT', sort],
  ['STARTTLS', starttls],
  ['STATUS', status],
  ['STORE', store],
  ['SUBSCRIBE', subscribe],
  ['THREAD', thread],
  ['UID COPY', uidCopy],
  ['UID EXPUNGE', uidExpunge],
  ['UID FETCH', uidFetch],
  ['UID MOVE', uidMove],
  ['UID REPLACE', uidReplace],
  ['UID SEARCH', uidSearch],
  ['UID SORT', uidSort],
  ['UID STORE', uidStore],
  ['UID THREAD', uidThread],
  ['UNSELECT', unselect],
  ['UNSUBSCRIBE', unsubscribe],
]);

/** Reads a command's name. @throws ImapBad when there is no such command */
export function findCommand(args: Lexer): { name: string; command: Command<unknown> } {
  let name = args.keyword();
  if (name === 'UID') {
    args.space();
    name = `UID ${args.keyword()}`;
  }
  const command = COMMANDS.get(name);
  if (command === undefined) throw new ImapBad('Unknown command');
  return { name, command };
}
