/** The data items of FETCH: what a client can ask of a message, RFC 9051 §6.4.5 with the extensions. */

/** Which bytes of a message BODY[…] names. */
export interface Section {
  /** Part numbers, outermost first; empty: the whole message. */
  readonly part: readonly number[];
  /** '' is the part itself; HEADER, HEADER.FIELDS and TEXT are those of a message, MIME is the header of a part. */
  readonly text: '' | 'HEADER' | 'HEADER.FIELDS' | 'HEADER.FIELDS.NOT' | 'TEXT' | 'MIME';
  /** The names of HEADER.FIELDS and HEADER.FIELDS.NOT as the client wrote them; else empty. */
  readonly fields: readonly string[];
}

/** "<offset.length>", octets. */
export interface Partial {
  readonly offset: number;
  readonly length: number;
}

export type FetchItem =
  | {
      readonly item:
        | 'UID'
        | 'FLAGS'
        | 'INTERNALDATE'
        | 'RFC822.SIZE'
        | 'ENVELOPE'
        | 'BODY'
        | 'BODYSTRUCTURE'
        | 'RFC822'
        | 'RFC822.HEADER'
        | 'RFC822.TEXT'
        | 'MODSEQ' // RFC 7162
        | 'EMAILID' // RFC 8474
        | 'THREADID' // RFC 8474
        | 'SAVEDATE'; // RFC 8514
    }
  | { readonly item: 'BODY[]'; readonly peek: boolean; readonly section: Section; readonly partial: Partial | null }
  | { readonly item: 'BINARY[]'; readonly peek: boolean; readonly part: readonly number[]; readonly partial: Partial | null }
  | { readonly item: 'BINARY.SIZE[]'; readonly part: readonly number[] }
  /** RFC 8970; lazy: only if it costs nothing. */
  | { readonly item: 'PREVIEW'; readonly lazy: boolean };

/** Whether fetching this sets \Seen. */
export function marksSeen(item: FetchItem): boolean {
  switch (item.item) {
    case 'BODY[]':
    case 'BINARY[]':
      return !item.peek;
    case 'RFC822':
    case 'RFC822.TEXT':
      return true;
    default:
      return false;
  }
}
