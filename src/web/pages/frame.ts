/** What all pages have around them. Pure. */
import { type Html, html } from '../html.js';
import type { Visit } from './form.js';

const LINKS = [
  ['/', 'Status'],
  ['/addresses', 'Addresses'],
  ['/groups', 'Chans'],
  ['/contacts', 'Contacts'],
  ['/setup', 'Mail program'],
  ['/backup', 'Backup'],
  ['/health', 'Health'],
] as const;

export interface Page {
  readonly title: string;
  readonly body: Html;
  /** Fetched again by the browser after this long. */
  readonly refreshSeconds?: number;
}

/** @param visit null for whoever has not come in */
export function frame({ title, body, refreshSeconds }: Page, path: string, visit: Visit | null): string {
  const isHere = (link: string): boolean => (link === '/' ? path === '/' : path.startsWith(link));
  const links = LINKS.map(([link, name]) => html`<a href="${link}"${isHere(link) ? html` aria-current="page"` : ''}>${name}</a> `);
  const notice = visit?.notice ?? null;
  // What is told stays until it was read.
  const refresh = refreshSeconds === undefined || notice !== null ? '' : html`<meta http-equiv="refresh" content="${refreshSeconds}">\n`;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${refresh}<title>${title} – Postern</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<header><a class="name" href="/">${GATE}Postern</a>${visit === null ? '' : html`<nav>${links}</nav>`}</header>
<main>
<h1>${title}</h1>
${notice === null ? '' : html`<p role="status" class="notice ${notice.isGood ? 'good' : 'bad'}${notice.text.includes('\n') ? ' lines' : ''}">${notice.text}</p>\n`}${body}
</main>
${visit === null || visit.formToken === '' ? '' : html`<footer><form method="post" action="/logout"><input type="hidden" name="form" value="${visit.formToken}"><button>Close this page to this browser</button></form></footer>\n`}</body>
</html>
`;
  return page.html;
}

/** Rows under headings; `empty` in their place when there are none. */
export function tableOf(headings: readonly string[], rows: readonly (readonly (string | number | Html)[])[], empty: string): Html {
  if (rows.length === 0) return html`<p class="none">${empty}</p>`;
  return html`<div class="wide"><table>
<thead><tr>${headings.map((heading) => html`<th scope="col">${heading}</th>`)}</tr></thead>
<tbody>
${rows.map((row) => html`<tr>${row.map((cell, i) => html`<td data-label="${headings[i] ?? ''}">${cell}</td>`)}</tr>\n`)}</tbody>
</table></div>`;
}

/** A moment as people on this machine write it; its form for programs is in the element. */
export function moment(seconds: number): Html {
  const date = new Date(seconds * 1000);
  const two = (number: number): string => String(number).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return html`<time datetime="${date.toISOString()}">${day} ${two(date.getHours())}:${two(date.getMinutes())}</time>`;
}

/** A small gate in a wall. */
const GATE = html`<svg viewBox="0 0 24 24" width="26" height="26" aria-hidden="true"><rect x="1" y="1" width="22" height="22" rx="5" fill="currentColor" opacity=".16"/><path d="M6.5 20V11a5.5 5.5 0 0 1 11 0v9M6.5 20h11M12 5.5V20" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round"/><circle cx="14.3" cy="13.5" r="1" fill="currentColor"/></svg>`;
