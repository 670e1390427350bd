/** Why something cannot be brought in or taken out, for the person who asked. */
import { Refusal } from '../words/refusal.js';

export class MigrationRefusal extends Refusal {
  override readonly name = 'MigrationRefusal';
}
