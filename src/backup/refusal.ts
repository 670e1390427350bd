/** Why a backup cannot be made or restored, for the person who asked. */
import { Refusal } from '../words/refusal.js';

export class BackupRefusal extends Refusal {
  override readonly name = 'BackupRefusal';
}
