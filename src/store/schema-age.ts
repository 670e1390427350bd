/** How far a database file is behind the present schema, without opening it for good: that would bring it up to date. */
import { existsSync, statSync } from 'node:fs';
import { STEPS } from './migrations.js';
import { openSqlite, pathOf, type SqliteFile } from './sqlite-file.js';

export interface SchemaAge {
  readonly stepsTaken: number;
  readonly steps: number;
  readonly bytes: number;
}

/** While another process takes steps, too. Null: there is no database. */
export function schemaAge(file: SqliteFile): SchemaAge | null {
  const path = pathOf(file);
  if (!existsSync(path)) return null;
  const connection = openSqlite(file, 'reading');
  try {
    const { user_version: stepsTaken } = connection.prepare('PRAGMA user_version').get() as { user_version: number };
    return stepsTaken === 0 ? null : { stepsTaken, steps: STEPS.length, bytes: statSync(path).size };
  } finally {
    connection.close();
  }
}
