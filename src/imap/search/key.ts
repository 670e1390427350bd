/** What SEARCH (and SORT, THREAD, ESEARCH) can ask for, as a tree: RFC 9051 §6.4.4 with the extensions. */

/** Ranges as the client wrote them, either way round; '*' is the highest number in the mailbox. */
export type NumberSet = readonly { readonly from: number | '*'; readonly to: number | '*' }[];

/** Days since 1 January 1970 of a date without time and zone: `Date.UTC(year, month, day) / 86_400_000`. */
export type CalendarDay = number;

/**
 * The keys that are short for others are written with those: UNSEEN is not(flag \Seen), UNKEYWORD x is not(flag x),
 * NEW is and(recent, not(flag \Seen)), OLD is not(recent), FROM x is header('From', x), several keys are and(…).
 */
export type SearchKey =
  | { readonly key: 'all' }
  | { readonly key: 'and'; readonly keys: readonly SearchKey[] }
  | { readonly key: 'or'; readonly left: SearchKey; readonly right: SearchKey }
  | { readonly key: 'not'; readonly of: SearchKey }
  /** A sequence set. */
  | { readonly key: 'sequence'; readonly set: NumberSet }
  | { readonly key: 'uid'; readonly set: NumberSet }
  /** "$", RFC 5182: the saved result. */
  | { readonly key: 'saved' }
  /** A system flag ("\\Seen") or a keyword, case-insensitive. */
  | { readonly key: 'flag'; readonly flag: string }
  | { readonly key: 'recent' }
  /** HEADER, and BCC CC FROM SUBJECT TO. Text is decoded from CHARSET; '' asks whether the field is there. */
  | { readonly key: 'header'; readonly field: string; readonly text: string }
  | { readonly key: 'body'; readonly text: string }
  | { readonly key: 'text'; readonly text: string }
  | { readonly key: 'larger'; readonly bytes: number }
  | { readonly key: 'smaller'; readonly bytes: number }
  /** BEFORE, SENTBEFORE, SAVEDBEFORE and so on. */
  | {
      readonly key: 'date';
      readonly of: 'internal' | 'sent' | 'saved';
      readonly is: 'before' | 'on' | 'since';
      readonly day: CalendarDay;
    }
  /** RFC 5032: INTERNALDATE within, or not within, the last seconds. */
  | { readonly key: 'younger'; readonly seconds: number }
  | { readonly key: 'older'; readonly seconds: number }
  /** RFC 7162: changed at or after this mod-sequence (the entry name of the long form means nothing here). */
  | { readonly key: 'modseq'; readonly modseq: number }
  /** RFC 8474. */
  | { readonly key: 'emailid'; readonly id: string }
  | { readonly key: 'threadid'; readonly id: string }
  /** RFC 8514. */
  | { readonly key: 'savedatesupported' };

/** Whether MODSEQ occurs: the answer must then carry the highest mod-sequence, and CONDSTORE is switched on. */
export function asksModseq(key: SearchKey): boolean {
  switch (key.key) {
    case 'modseq':
      return true;
    case 'and':
      return key.keys.some(asksModseq);
    case 'or':
      return asksModseq(key.left) || asksModseq(key.right);
    case 'not':
      return asksModseq(key.of);
    default:
      return false;
  }
}
