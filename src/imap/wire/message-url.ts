/** URLs of messages and their parts on this server, as CATENATE takes them: RFC 4469 §5, RFC 5092. Pure. */
export interface MessageUrl {
  /** Unicode. */
  readonly mailbox: string;
  /** Null: not said. */
  readonly uidValidity: number | null;
  readonly uid: number;
  /** As between the brackets of BODY[…]; '' is the whole message. */
  readonly section: string;
  readonly partial: { readonly offset: number; readonly length: number } | null;
}

const URL =
  /^\/([^;?#]+?)(?:;UIDVALIDITY=([1-9]\d{0,9}))?\/;UID=([1-9]\d{0,9})(?:\/;SECTION=([^/;?#]+))?(?:\/;PARTIAL=(\d{1,10})(?:\.([1-9]\d{0,9}))?)?$/i;

/** Null when it is none: an absolute URL too, for it may mean another server. */
export function parseMessageUrl(url: string): MessageUrl | null {
  const match = URL.exec(url);
  if (match === null) return null;
  const [, mailboxText, uidValidity, uid, sectionText = '', offset, length] = match;
  const mailbox = decodePercent(mailboxText);
  const section = decodePercent(sectionText);
  if (mailbox === null || section === null) return null;
  return {
    mailbox,
    uidValidity: uidValidity === undefined ? null : Number(uidValidity),
    uid: Number(uid),
    section,
    partial: offset === undefined ? null : { offset: Number(offset), length: length === undefined ? Infinity : Number(length) },
  };
}

/**
 * An absolute path, for a URL that is relative to the selected folder (RFC 4469 §3): ";UID=1" is a message in it, "Sent/;UID=1"
 * one in the folder beside it. Without a selected folder, the top of the tree.
 */
export function resolveUrl(url: string, selected: string | null): string {
  if (url.startsWith('/') || /^[a-z][a-z0-9+.-]*:/i.test(url)) return url;
  const levels = selected === null ? [] : selected.split('/').map(encodeURIComponent);
  if (!url.startsWith(';')) return ['', ...levels.slice(0, -1), url].join('/');
  return selected === null ? url : ['', ...levels, url].join('/');
}

function decodePercent(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null; // not percent-encoded UTF-8
  }
}
