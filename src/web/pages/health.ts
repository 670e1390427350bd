/** What the doctor can be asked. Pure. */
import { html, marked } from '../html.js';
import { form, type Visit } from './form.js';
import type { Page } from './frame.js';

export function healthPage(visit: Visit): Page {
  const { health } = visit.words.page;
  const ask = (button: string, fixed: Readonly<Record<string, string>> = {}) =>
    form(visit, { order: 'doctor', back: '/health', button, fixed });
  return {
    title: health.title,
    body: html`<p>${health.explain}</p>
<div class="card">${ask(health.look)}${ask(health.lookForOthers, { report: 'true' })}<p>${health.difference}</p></div>
<p>${marked(health.send)}</p>`,
  };
}
