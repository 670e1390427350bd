/** What can be taken elsewhere, as files that the browser keeps. Pure. */
import type { ControlRooms } from '../../control/operation.js';
import { type Html, html, marked } from '../html.js';
import { type FormParts, form, type Visit } from './form.js';

export function exportSection({ migration }: Pick<ControlRooms, 'migration'>, visit: Visit): Html {
  const { leaving, door } = visit.words.page;
  const take = (parts: Pick<FormParts, 'order' | 'button' | 'fields'>): Html =>
    html`<div class="sheet">${form(visit, { ...parts, back: '/backup', isDownload: true })}</div>\n`;
  const folders = migration.folders().map((path) => [path, path] as const);
  return html`<h2>${leaving.title}</h2>
<p>${leaving.explain}</p>
${take({ order: 'export mbox', button: leaving.mail, fields: [{ name: 'folder', label: leaving.folder, choices: folders }] })}
${take({ order: 'export addresses', button: leaving.addresses })}
${take({ order: 'export keys', button: leaving.keys, fields: [{ name: 'password', label: door.password, type: 'password', isRequired: true }] })}
<p>${marked(leaving.keysAreReadable)}</p>`;
}
