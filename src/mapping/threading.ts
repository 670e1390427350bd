/** Pure: which conversation a mail belongs to. Two strangers' mails with the subject "hi" must never meet. */

/** Prefixes that mail programs set before the subject of an answer, in the languages seen; "[2]" and "^2" count them. */
const ANSWER_PREFIX = /^\s*(?:re|aw|antw|antwort|sv|vs|ref|rif|odp|res|r|回复|回覆|답장|ответ)\s*(?:\[\d+\]|\^\d+|\(\d+\))?\s*[:：]\s*/iu;
const FORWARD_PREFIX = /^\s*(?:fwd?|wg|tr|vl|doorst|i|转发|пересл)\s*(?:\[\d+\])?\s*[:：]\s*/iu;
/** More Message-IDs than this say nothing new; RFC 5322 §3.6.4 lets us drop the middle ones. */
const MAX_REFERENCES = 20;

/** Whether the subject says that this answers another mail. */
export function isAnswer(subject: string): boolean {
  return ANSWER_PREFIX.test(subject);
}

/** The subject without "Re:" and the like, for comparing. */
export function baseSubject(subject: string): string {
  let base = subject.normalize('NFC');
  for (let before = ''; before !== base; ) {
    before = base;
    base = base.replace(ANSWER_PREFIX, '').replace(FORWARD_PREFIX, '');
  }
  return base.replace(/\s+/g, ' ').trim().toLowerCase();
}

/** The name of the thread between two people. */
export function threadBetween(one: string, other: string, subject: string): string {
  return JSON.stringify([...[one, other].sort(), baseSubject(subject)]);
}

/** The name of the thread within a group: a chan, or the readers of a broadcaster. */
export function threadWithin(group: string, subject: string): string {
  return JSON.stringify([group, baseSubject(subject)]);
}

/** The References of an answer to this mail (RFC 5322 §3.6.4): its own, then the mail itself. */
export function referencesTo(parent: { messageId: string; references: string }): string {
  const all = [...parent.references.split(/\s+/).filter((id) => id !== ''), parent.messageId];
  // The first names the conversation, the last ones the place in it.
  return (all.length <= MAX_REFERENCES ? all : [all[0], ...all.slice(1 - MAX_REFERENCES)]).join(' ');
}
