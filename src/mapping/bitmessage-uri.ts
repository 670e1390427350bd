/** Pure: "bitmessage:BM-…?label=…", the link that addresses are shared by (PROTOCOL 6.5; PyBitmessage writes it into QR codes). */
import { findAddress } from './address.js';

export interface BitmessageUri {
  /** Canonical. */
  readonly address: string;
  readonly label: string;
  readonly subject: string;
  readonly body: string;
}

/** Longer ones are no names. */
const MAX_LABEL_CHARACTERS = 100;
/** What a link may carry; more is not typed by hand. */
const MAX_URI_CHARACTERS = 8_000;

export function toBitmessageUri(address: string, label: string): string {
  const name = withoutControls(label);
  return `bitmessage:${address}${name === '' || name === address ? '' : `?label=${encodeURIComponent(name)}`}`;
}

/** Null when it is none. Unknown keys are ignored; nothing is done but reading. */
export function readBitmessageUri(text: string): BitmessageUri | null {
  const [, written, query = ''] = /^bitmessage:(?:\/\/)?([^?#/]+)\/?(?:\?([^#]*))?(?:#.*)?$/i.exec(text.trim()) ?? [];
  if (written === undefined || text.length > MAX_URI_CHARACTERS) return null;
  const address = findAddress(written, () => []);
  if (address === null) return null;
  // Percent and plus, broken escapes left as they are: what HTML forms write.
  const values = new URLSearchParams(query);
  const get = (key: string): string => values.get(key) ?? '';
  return { address, label: withoutControls(get('label')), subject: get('subject'), body: get('body') };
}

function withoutControls(label: string): string {
  return [...label.replace(/\p{Cc}+/gu, ' ').trim()].slice(0, MAX_LABEL_CHARACTERS).join('');
}
