/** Why the mail cannot be encrypted or decrypted, for the person who asked. */
import { Refusal } from '../words/refusal.js';

export class SealingRefusal extends Refusal {
  override readonly name = 'SealingRefusal';
}
