/** The keywords of a folder: each in the spelling in which it was first written there. */
import type { Database } from '../database.js';
import { MAX_KEYWORDS_PER_MAILBOX } from './flags.js';
import { StoreLimit } from './message-types.js';

export class Keywords {
  constructor(private readonly database: Database) {}

  list(mailboxId: number): string[] {
    return this.database
      .all<{ name: string }>('SELECT name FROM keywords WHERE mailbox_id = ? ORDER BY name', mailboxId)
      .map((row) => row.name);
  }

  /** The words as the folder spells them, new ones added. @throws StoreLimit */
  spell(mailboxId: number, words: readonly string[]): string[] {
    return words.map((word) => this.#known(mailboxId, word) ?? this.#add(mailboxId, word));
  }

  #known(mailboxId: number, word: string): string | undefined {
    return this.database.get<{ name: string }>('SELECT name FROM keywords WHERE mailbox_id = ? AND name = ?', mailboxId, word)?.name;
  }

  #add(mailboxId: number, word: string): string {
    if (this.#isFull(mailboxId)) this.#forgetUnused(mailboxId);
    if (this.#isFull(mailboxId)) throw new StoreLimit(`a folder can have ${MAX_KEYWORDS_PER_MAILBOX} different keywords`);
    this.database.run('INSERT INTO keywords (mailbox_id, name) VALUES (?, ?)', mailboxId, word);
    return word;
  }

  #isFull(mailboxId: number): boolean {
    const { count } = this.database.get<{ count: number }>('SELECT count(*) AS count FROM keywords WHERE mailbox_id = ?', mailboxId)!;
    return count >= MAX_KEYWORDS_PER_MAILBOX;
  }

  #forgetUnused(mailboxId: number): void {
    const used = new Set<string>();
    const rows = this.database.all<{ palette: string }>('SELECT DISTINCT palette FROM entry_states WHERE mailbox_id = ?', mailboxId);
    for (const { palette } of rows) {
      for (const [, keywords] of JSON.parse(palette) as [number, string][]) for (const word of keywords.split(' ')) used.add(word);
    }
    for (const word of this.list(mailboxId)) {
      if (!used.has(word)) this.database.run('DELETE FROM keywords WHERE mailbox_id = ? AND name = ?', mailboxId, word);
    }
  }
}
