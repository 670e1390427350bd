/** In German: how a message on its way stands, and how long its proof of work takes. */
import type { outgoing as english } from '../english/outgoing.js';
import { write } from './write.js';

export const outgoing: typeof english = {
  heldBack: (until) => `wartet bis ${write.time(until)}: zufällige Verzögerung`,
  queued: 'wartet, bis sie an der Reihe ist',
  lockedKeys: 'wartet auf Ihre Schlüssel, die gesperrt sind',
  awaitingKey: (askAgainAt) =>
    `wartet auf den Schlüssel des Empfängers; das Netz ist gefragt und wird am ${write.time(askAgainAt)} wieder gefragt`,
  mining: 'Arbeitsnachweis wird berechnet',
  miningSoFar: (share) => `Arbeitsnachweis wird berechnet: ${write.percent(share)} des Üblichen`,
  awaitingAck: (expiresAt) => `im Netz, noch nicht bestätigt; dort bleibt sie bis ${write.time(expiresAt)}`,
  sent: 'im Netz; eine solche Nachricht bestätigt niemand',
  delivered: 'zugestellt: Das Programm des Empfängers hat sie entschlüsselt',
  cancelled: 'abgebrochen',
  failed: {
    'no-acknowledgement': 'fehlgeschlagen: mehrmals gesendet und nie bestätigt',
    'no-pubkey': 'fehlgeschlagen: Der Schlüssel des Empfängers ist nie gekommen',
    'too-difficult': 'fehlgeschlagen: Der Empfänger verlangt mehr Arbeit, als Ihre Einstellungen zulassen',
    'bad-key': 'fehlgeschlagen: Der Schlüssel des Empfängers ist unbrauchbar',
    'too-large': 'fehlgeschlagen: zu groß für das Netz',
  },
  scheduled: 'wird dann gesendet',
  findingSpelling: (lowered) => `die richtige Schreibweise von ${lowered} wird gesucht`,
  findingSpellingSoFar: (lowered, share) => `die richtige Schreibweise von ${lowered} wird gesucht: ${write.percent(share)}`,
  workTakes: (seconds) => `; der Arbeitsnachweis dauert ${about(seconds)}`,
  workLeft: (seconds) => `, noch ${about(seconds)}`,
  workNearlyDone: ', jeden Augenblick fertig',
};

export function about(seconds: number): string {
  return seconds < 1 ? 'weniger als eine Sekunde' : `etwa ${write.duration(seconds)}`;
}
