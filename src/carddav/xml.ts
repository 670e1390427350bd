/** WebDAV's XML: reads requests within bounds, and writes answers. */
import { DOMParser, type Element as DomElement } from '@xmldom/xmldom';

export interface XmlElement {
  /** "{namespace}name". */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

export const DAV = 'DAV:';
export const CARD = 'urn:ietf:params:xml:ns:carddav';
export const CALENDARSERVER = 'http://calendarserver.org/ns/';

/** The deepest request there is, an addressbook-query, has seven. */
const MAX_DEPTH = 32;
/** A multiget of as many cards as a book can hold. */
const MAX_ELEMENTS = 25_000;

/** Null when it is not well-formed, or more than a request can be. Nothing is ever fetched or expanded. */
export function parseXml(text: string): XmlElement | null {
  // Entities are declared in a document type, which no request has.
  if (/<!(?!--|\[CDATA\[)/.test(text) || text.split('<').length > 2 * MAX_ELEMENTS) return null;
  let isBroken = false;
  const onError = (): void => {
    isBroken = true;
  };
  try {
    const root = new DOMParser({ onError }).parseFromString(text, 'text/xml').documentElement;
    return root === null || isBroken ? null : toElement(root, 1);
  } catch {
    return null; // not XML, or too deep
  }
}

export function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/\r/g, '&#13;');
}

function toElement(element: DomElement, depth: number): XmlElement {
  if (depth > MAX_DEPTH) throw new RangeError('too deep');
  const children: XmlElement[] = [];
  for (let node = element.firstChild; node !== null; node = node.nextSibling) {
    if (node.nodeType === element.ELEMENT_NODE) children.push(toElement(node as DomElement, depth + 1));
  }
  const attributes: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const { name, value } of Array.from(element.attributes)) attributes[name] = value;
  return {
    name: `{${element.namespaceURI ?? ''}}${element.localName}`,
    attributes,
    children,
    text: children.length === 0 ? (element.textContent ?? '') : '',
  };
}
