/** BODY and BODYSTRUCTURE as they go over the wire, RFC 9051 §7.5.2: what the sender wrote, byte for byte. Pure. */
import { formatEnvelope, imapString, nstring } from './format-envelope.js';
import type { Parameter } from './parameters.js';
import { isMessage, isMultipart, isText, type Part } from './part-tree.js';

/**
 * @param extended BODYSTRUCTURE, with the extension data that BODY leaves out
 * @param utf8 whether the client reads UTF-8: only to such a one message/global is a message and not any part (RFC 9051 §9
 * media-message; RFC 3501 knows message/rfc822 alone)
 */
export function formatBodyStructure(part: Part, extended: boolean, utf8: boolean): string {
  if (isMultipart(part)) return formatMultipart(part, extended, utf8);
  const fields = [
    imapString(part.type),
    imapString(part.subtype),
    formatParameters(withCharset(part)),
    nstring(part.id),
    nstring(part.description),
    imapString(part.encoding),
    String(part.bodyEnd - part.headerEnd),
  ];
  const [message] = part.children;
  if (message?.envelope && isMessage(part) && (utf8 || part.subtype.toLowerCase() === 'rfc822')) {
    fields.push(formatEnvelope(message.envelope), formatBodyStructure(message, extended, utf8), String(part.lines));
  } else if (isText(part)) fields.push(String(part.lines));
  if (extended) fields.push(nstring(part.md5), formatExtension(part));
  return `(${fields.join(' ')})`;
}

function formatMultipart(part: Part, extended: boolean, utf8: boolean): string {
  // The grammar wants at least one part: RFC 9051 §9 body-type-mpart.
  const children =
    part.children.length > 0 ? part.children.map((child) => formatBodyStructure(child, extended, utf8)).join('') : emptyText(extended);
  const extension = extended ? ` ${formatParameters(part.parameters)} ${formatExtension(part)}` : '';
  return `(${children} ${imapString(part.subtype)}${extension})`;
}

function emptyText(extended: boolean): string {
  return `("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 0 0${extended ? ' NIL NIL NIL NIL' : ''})`;
}

function formatExtension(part: Part): string {
  const { disposition, languages, location } = part;
  const dispositionText = disposition === null ? 'NIL' : `(${imapString(disposition.kind)} ${formatParameters(disposition.parameters)})`;
  const languageText = languages.length === 0 ? 'NIL' : `(${languages.map(imapString).join(' ')})`;
  return `${dispositionText} ${languageText} ${nstring(location)}`;
}

/** RFC 2045 §5.2: text that does not name its charset is ASCII, and clients want to read it. */
function withCharset(part: Part): readonly Parameter[] {
  if (!isText(part) || part.parameters.some(([name]) => /^charset\*?$/i.test(name))) return part.parameters;
  return [...part.parameters, ['charset', 'us-ascii']];
}

function formatParameters(parameters: readonly Parameter[]): string {
  if (parameters.length === 0) return 'NIL';
  return `(${parameters.map(([name, value]) => `${imapString(name)} ${imapString(value)}`).join(' ')})`;
}
