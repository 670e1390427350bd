/** What was read of the database, kept until something is written: clients ask for the same thing again and again. */
import type { Database } from '../database.js';

/** More than a client asks for one after the other. */
const MAX_KEPT = 1000;

export class WhileUnchanged<V> {
  readonly #kept = new Map<string | number, V>();
  #revision = -1;

  /** @param max so many are kept at once */
  constructor(
    private readonly database: Pick<Database, 'revision'>,
    private readonly max = MAX_KEPT,
  ) {}

  /** @param read answers what nobody changes: several ask for it */
  get(key: string | number, read: () => V): V {
    const { revision } = this.database;
    if (this.#revision !== revision || this.#kept.size >= this.max) this.#kept.clear();
    this.#revision = revision;
    const kept = this.#kept.get(key);
    if (kept !== undefined) return kept;
    const value = read();
    this.#kept.set(key, value);
    return value;
  }
}
