/** What all pages have around them. Pure. */

import type { Words } from '../../words/words.js';
import { type Html, html } from '../html.js';
import type { Notice } from '../sessions.js';
import type { Visit } from './form.js';

const LINKS = [
  ['/', 'status'],
  ['/addresses', 'addresses'],
  ['/groups', 'groups'],
  ['/contacts', 'contacts'],
  ['/setup', 'setup'],
  ['/backup', 'backup'],
  ['/health', 'health'],
] as const;

export interface Page {
  readonly title: string;
  readonly body: Html;
  /** Fetched again by the browser after this long. */
  readonly refreshSeconds?: number;
}

/** @param visit without a form token for whoever has not come in, or has no use for forms */
export function frame({ title, body, refreshSeconds }: Page, path: string, { words, notice, formToken, isInside }: Visit): string {
  const isHere = (link: string): boolean => (link === '/' ? path === '/' : path.startsWith(link));
  const links = LINKS.map(
    ([link, name]) => html`<a href="${link}"${isHere(link) ? html` aria-current="page"` : ''}>${words.page.names[name]}</a> `,
  );
  // What is told stays until it was read.
  const refresh = refreshSeconds === undefined || notice !== null ? '' : html`<meta http-equiv="refresh" content="${refreshSeconds}">\n`;
  const page = html`<!doctype html>
<html lang="${words.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${refresh}<title>${title} – Postern</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<header><a class="name" href="/">${GATE}Postern</a>${isInside ? html`<nav>${links}</nav>` : ''}</header>
<main>
<h1>${title}</h1>
${notice === null ? '' : told(notice)}${body}
</main>
${formToken === '' ? '' : html`<footer><form method="post" action="/logout"><input type="hidden" name="form" value="${formToken}"><button>${words.page.logOut}</button></form></footer>\n`}</body>
</html>
`;
  return page.html;
}

/** Lines as a terminal shows them, each of which may be too long for the screen. */
function told({ isGood, text }: Notice): Html {
  const lines = text.split('\n');
  const mood = isGood ? 'good' : 'bad';
  return lines.length === 1
    ? html`<p role="status" class="notice ${mood}">${text}</p>\n`
    : html`<p role="status" class="notice ${mood} lines">${lines.map((line) => html`<span>${line}\n</span>`)}</p>\n`;
}

/** Values by their names. */
export function listOf(rows: readonly (readonly [name: string, value: Html])[]): Html {
  const row = ([name, value]: readonly [string, Html]): Html => html`<tr><th scope="row">${name}</th><td>${value}</td></tr>\n`;
  return html`<div class="wide"><table><tbody>\n${rows.map(row)}</tbody></table></div>`;
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

/** A moment as people write it; its form for programs is in the element. */
export function moment({ write }: Words, seconds: number): Html {
  return html`<time datetime="${new Date(seconds * 1000).toISOString()}">${write.moment(seconds)}</time>`;
}

/** A small gate in a wall. */
const GATE = html`<svg viewBox="0 0 24 24" width="26" height="26" aria-hidden="true"><rect x="1" y="1" width="22" height="22" rx="5" fill="currentColor" opacity=".16"/><path d="M6.5 20V11a5.5 5.5 0 0 1 11 0v9M6.5 20h11M12 5.5V20" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round"/><circle cx="14.3" cy="13.5" r="1" fill="currentColor"/></svg>`;
