/** What the doctor can be asked. Pure. */
import { html } from '../html.js';
import { form, type Visit } from './form.js';
import type { Page } from './frame.js';

export function healthPage(visit: Visit): Page {
  const ask = (button: string, fixed: Readonly<Record<string, string>> = {}) =>
    form(visit, { order: 'doctor', back: '/health', button, fixed });
  return {
    title: 'Health',
    body: html`<p>Looks at clock, ports, peers, proxy, certificate, disk and database, and says what is wrong.</p>
<div class="card">${ask('Look')}${ask('Look, for showing to others', { report: 'true' })}<p>The second leaves out addresses, host names and paths.</p></div>
<p>In a terminal, <code>postern doctor --send</code> sends a message to yourself as well, and waits for it.</p>`,
  };
}
