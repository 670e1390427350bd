/** Reads what threads are made from: of each message its names, its subject and its date. */
import { collate } from '../../mime/searchable-text.js';
import { baseSubject } from '../sort/base-subject.js';
import type { SortContext } from '../sort/sort-values.js';
import type { NameNumbers } from './name-numbers.js';
import { type ThreadRow, ThreadTable } from './thread-table.js';

/** Some milliseconds. */
const ROWS_PER_SLICE = 1_000;

/** Those that are gone are left out. @param uids ascending @param idNumbers see ThreadTable */
export async function readTable(uids: ArrayLike<number>, idNumbers: NameNumbers, context: SortContext): Promise<ThreadTable> {
  const table = new ThreadTable(uids.length, idNumbers);
  const breathe = (): Promise<void> => context.breathe();
  for (let start = 0; start < uids.length; start += ROWS_PER_SLICE) {
    const slice = Array.prototype.slice.call(uids, start, start + ROWS_PER_SLICE) as number[];
    await table.add(readThreadRows(slice, context), breathe);
    await breathe();
  }
  return table;
}

function readThreadRows(uids: readonly number[], context: SortContext): ThreadRow[] {
  const { uid, internalDate, messageId } = context.mailboxes.columns(context.mailboxId, uids, ['internalDate', 'messageId']);
  const read = context.messages.columns(messageId, ['messageIdHeader', 'references', 'subject', 'sentAt']);
  return uid.map((each, index) => {
    const { text, isReply } = baseSubject(read.subject[index]);
    return {
      uid: each,
      messageId: read.messageIdHeader[index],
      references: read.references[index] === '' ? [] : read.references[index].split(' '),
      subject: collate(text),
      isReply,
      sentAt: read.sentAt[index] ?? internalDate[index],
    };
  });
}
