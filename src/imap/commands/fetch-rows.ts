/** FETCH of what stands in the rows of a folder (flags, sizes, dates): a hundred thousand messages in a moment. */
import type { EntryColumn, EntryColumns } from '../../store/mail/types.js';
import type { FetchItem } from '../fetch-items.js';
import { sendFolderFlags } from '../message-data.js';
import { formatFlags } from '../responses.js';
import type { Session } from '../session.js';
import { formatDateTime } from '../wire/date-time.js';

/** About 100 KB of answers, a millisecond or two. */
export const ROWS_PER_SLICE = 2000;

type RowItem = FetchItem & { readonly item: 'UID' | 'FLAGS' | 'MODSEQ' | 'INTERNALDATE' | 'SAVEDATE' | 'RFC822.SIZE' | 'EMAILID' };

const COLUMNS: Readonly<Record<RowItem['item'], EntryColumn | null>> = {
  UID: null,
  FLAGS: 'flags',
  MODSEQ: 'modseq',
  INTERNALDATE: 'internalDate',
  SAVEDATE: 'savedAt',
  'RFC822.SIZE': 'size',
  EMAILID: 'messageId',
};

export function areRowItems(items: readonly FetchItem[]): items is readonly RowItem[] {
  return items.every(({ item }) => item in COLUMNS);
}

/** Answers how many of the messages were still there. @param uids ascending */
export async function streamRows(session: Session, uids: readonly number[], items: readonly RowItem[]): Promise<number> {
  const { view, rooms } = session;
  const columns = [...new Set(items.flatMap(({ item }) => COLUMNS[item] ?? []))];
  let found = 0;
  for (let start = 0; start < uids.length; start += ROWS_PER_SLICE) {
    const rows = rooms.mailboxes.columns(view.id, uids.slice(start, start + ROWS_PER_SLICE), columns);
    found += rows.uid.length;
    session.send(formatRows(session, rows, items));
    await session.breathe();
  }
  return found;
}

function formatRows(session: Session, rows: EntryColumns, items: readonly RowItem[]): string {
  const { view, uidOnly } = session;
  const values = items.map(({ item }) => formatterOf(item, rows, session));
  let text = '';
  for (let index = 0; index < rows.uid.length; index++) {
    text += uidOnly ? `* ${rows.uid[index]} UIDFETCH (` : `* ${view.numberOf(rows.uid[index])} FETCH (`;
    for (let at = 0; at < values.length; at++) text += at === 0 ? values[at](index) : ` ${values[at](index)}`;
    text += ')\r\n';
  }
  return text;
}

function formatterOf(item: RowItem['item'], rows: EntryColumns, session: Session): (index: number) => string {
  switch (item) {
    case 'UID':
      return (index) => `UID ${rows.uid[index]}`;
    case 'FLAGS':
      return flagsOf(rows, session);
    case 'MODSEQ':
      return (index) => `MODSEQ (${rows.modseq[index]})`;
    case 'INTERNALDATE':
      return (index) => `INTERNALDATE "${formatDateTime(rows.internalDate[index])}"`;
    case 'SAVEDATE':
      return (index) => `SAVEDATE "${formatDateTime(rows.savedAt[index])}"`;
    case 'RFC822.SIZE':
      return (index) => `RFC822.SIZE ${rows.size[index]}`;
    case 'EMAILID':
      return (index) => `EMAILID (M${rows.messageId[index]})`;
  }
}

/** Each different list of flags is written once; the client is told of new keywords before. */
function flagsOf(rows: EntryColumns, session: Session): (index: number) => string {
  const { view, showsRecent } = session;
  const texts = new Map<readonly string[], { seen: string; recent: string }>();
  let news = false;
  for (const flags of new Set(rows.flags)) {
    news = view.learnKeywords(flags) || news;
    texts.set(flags, { seen: `FLAGS ${formatFlags(flags)}`, recent: `FLAGS ${formatFlags(flags, true)}` });
  }
  if (news) sendFolderFlags(session);
  const anyRecent = showsRecent && view.recentCount > 0;
  return (index) => {
    const text = texts.get(rows.flags[index])!;
    return anyRecent && view.isRecent(rows.uid[index]) ? text.recent : text.seen;
  };
}
