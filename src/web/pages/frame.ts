/** What all pages have around them, and how they look. Pure. */
import { type Html, html } from '../html.js';

const LINKS = [
  ['/', 'Status'],
  ['/addresses', 'Addresses'],
  ['/setup', 'Mail program'],
  ['/backup', 'Backup'],
] as const;

export interface Page {
  readonly title: string;
  readonly body: Html;
  /** Fetched again by the browser after this long. */
  readonly refreshSeconds?: number;
}

export function frame({ title, body, refreshSeconds }: Page, path: string): string {
  const isHere = (link: string): boolean => (link === '/' ? path === '/' : path.startsWith(link));
  const links = LINKS.map(([link, name]) => html`<a href="${link}"${isHere(link) ? html` aria-current="page"` : ''}>${name}</a> `);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${refreshSeconds === undefined ? '' : html`<meta http-equiv="refresh" content="${refreshSeconds}">\n`}<title>${title} – Postern</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<header><strong>Postern</strong><nav>${links}</nav></header>
<main>
<h1>${title}</h1>
${body}
</main>
</body>
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
${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>\n`)}</tbody>
</table></div>`;
}

export const STYLE = `:root { color-scheme: light dark; --line: #8884; --soft: #8882; --link: light-dark(#0b57a4, #8ec5ff); }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
header { display: flex; flex-wrap: wrap; gap: .3rem 2rem; padding: .8rem 1.5rem; border-bottom: 1px solid var(--line); }
nav { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; }
a { color: var(--link); }
nav a { text-decoration: none; }
nav a[aria-current] { border-bottom: 2px solid; }
main { max-width: 62rem; margin: 0 auto; padding: 1rem 1.5rem 4rem; }
h1 { font-size: 1.5rem; }
h2 { font-size: 1.1rem; margin-top: 2rem; }
.wide { overflow-x: auto; overflow-wrap: normal; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .35rem 1rem .35rem 0; border-bottom: 1px solid var(--line); }
th { font-weight: 600; font-size: .9rem; }
code, pre, .address { font-family: ui-monospace, monospace; font-size: .9rem; }
pre { background: var(--soft); padding: .8rem 1rem; overflow-x: auto; overflow-wrap: normal; }
.facts { display: flex; flex-wrap: wrap; gap: 1rem; padding: 0; list-style: none; }
.facts li { background: var(--soft); border-radius: .4rem; padding: .6rem 1rem; min-width: 7rem; }
.facts b { display: block; font-size: 1.5rem; }
.none { opacity: .7; }
.card { display: flex; flex-wrap: wrap; gap: 1.2rem; align-items: center; padding: 1rem 0; border-bottom: 1px solid var(--line); }
.card > :last-child { flex: 1 1 16rem; }
.qr { width: 9rem; height: 9rem; background: #fff; flex: none; }
.qr svg { display: block; width: 100%; height: 100%; }
td .address, time { white-space: nowrap; }
progress { width: 8rem; }
`;
