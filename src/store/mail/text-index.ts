/** The full-text index behind SEARCH: filled in the background, never behind by more than what it admits to. */
import type { Database } from '../database.js';
import type { FoldedText } from './types.js';

/** `messages.text_index`. A released number is never given another meaning. */
const NOT_YET = 0;
const INDEXED = 1;
const TOO_LONG = 2;

/** Messages with more text are always read: indexing one would take longer than a turn may. */
export const MAX_INDEXED_CHARACTERS = 200_000;

/** What the index knows are runs of three characters. */
const GRAM = 3;
/** More say little that these do not: each narrows down what is left. */
const MAX_GRAMS = 30;

/**
 * FTS5 would join the parts of its index when it finds time to, which with a million messages is 100 ms in the midst of an insertion:
 * `mergeNext` does it instead. 64 parts, which would force it to, never come together.
 */
export const OWN_MERGES_SCHEMA = `
INSERT INTO message_text (message_text, rank) VALUES ('automerge', 0), ('crisismerge', 64);
`;

export class TextIndex {
  constructor(
    private readonly database: Database,
    private readonly foldedText: FoldedText,
  ) {}

  /** Indexes the next messages, at most so many. Answers how many it took: 0 when there is nothing left to do. */
  indexNext(count: number): number {
    const rows = this.database.all<{ id: number; structure: string }>(
      `SELECT id, structure FROM messages INDEXED BY messages_text_index
       WHERE text_index = ${NOT_YET} AND text_index <> ${INDEXED} ORDER BY id LIMIT ?`,
      count,
    );
    // A batch: what a power failure takes away is indexed again.
    this.database.batch(() => {
      for (const { id, structure } of rows) this.#index(id, structure);
    });
    return rows.length;
  }

  /** Joins parts of the index to larger ones, about so many pages of it. Answers false when there is nothing worth joining. */
  mergeNext(pages: number): boolean {
    return this.database.batch(() => {
      const before = this.#totalChanges();
      this.database.run("INSERT INTO message_text (message_text, rank) VALUES ('merge', ?)", pages);
      // FTS5's documentation, "The 'merge' command": the command itself counts as one.
      return this.#totalChanges() - before >= 2;
    });
  }

  #totalChanges(): number {
    return this.database.get<{ total: number }>('SELECT total_changes() AS total')!.total;
  }

  #index(id: number, structure: string): void {
    const body = this.database.get<{ header: Uint8Array; text: Uint8Array }>('SELECT header, text FROM bodies WHERE message_id = ?', id)!;
    const text = this.foldedText(Buffer.concat([body.header, body.text]), structure);
    const fits = text.length <= MAX_INDEXED_CHARACTERS;
    // SQLite ends a text at NUL; nobody can look for one.
    if (fits) this.database.run('INSERT INTO message_text (rowid, text) VALUES (?, ?)', id, text.replaceAll('\0', ' '));
    this.database.run('UPDATE messages SET text_index = ? WHERE id = ?', fits ? INDEXED : TOO_LONG, id);
  }
}

export function findCandidates(database: Database, foldedText: string, firstId: number, lastId: number): number[] | null {
  const grams = gramsOf(foldedText);
  if (grams.length === 0) return null;
  const { ids } = database.get<{ ids: string }>(
    `SELECT json_group_array(id) AS ids FROM (
       SELECT rowid AS id FROM message_text WHERE message_text MATCH ?1 AND rowid BETWEEN ?2 AND ?3
       UNION ALL SELECT id FROM messages INDEXED BY messages_text_index WHERE text_index <> ${INDEXED} AND id BETWEEN ?2 AND ?3)`,
    grams.map((gram) => `"${gram.replaceAll('"', '""')}"`).join(' AND '),
    firstId,
    lastId,
  )!;
  return JSON.parse(ids) as number[];
}

export function removeFromIndex(database: Database, messageId: number): void {
  const row = database.get<{ text_index: number }>('SELECT text_index FROM messages WHERE id = ?', messageId);
  if (row?.text_index === INDEXED) database.run('DELETE FROM message_text WHERE rowid = ?', messageId);
}

/** The runs of three characters (code points, as SQLite counts them), each once. */
function gramsOf(text: string): string[] {
  const characters = [...text];
  const grams = new Set<string>();
  for (let i = 0; i + GRAM <= characters.length && grams.size < MAX_GRAMS; i++) {
    const gram = characters.slice(i, i + GRAM).join('');
    if (!gram.includes('\0')) grams.add(gram);
  }
  return [...grams];
}
