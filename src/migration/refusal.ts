/** Why something cannot be brought in or taken out, in words for the person who asked. */

export class MigrationRefusal extends Error {
  override readonly name = 'MigrationRefusal';
}
