/** The page that opens first: the network, and what is on its way. Pure. */
import type { ControlRooms } from '../../control/operation.js';
import { isoTime, outgoingWords, workWords } from '../../control/words.js';
import { type Html, html } from '../html.js';
import { type Page, tableOf } from './frame.js';

/** Long enough to read, short enough to see a proof of work go on. */
const REFRESH_SECONDS = 10;
/** The newest; `postern outbox list` has them all. */
const MAX_ROWS = 200;

export function statusPage({ node, scheduled }: Pick<ControlRooms, 'node' | 'scheduled'>): Page {
  const { peers, objects, unprocessed, listening, knownNodes, route } = node.status();
  const outgoing = [...node.outgoing()].reverse();
  const fact = (number: number, words: string): Html => html`<li><b>${number}</b>${words}</li>`;
  const later = scheduled.list();
  return {
    title: 'Status',
    refreshSeconds: REFRESH_SECONDS,
    body: html`<ul class="facts">
${fact(peers.length, peers.length === 1 ? 'peer' : 'peers')}
${fact(knownNodes, 'nodes known')}
${fact(objects, 'objects')}
${fact(unprocessed, 'to be looked at')}
</ul>
<h2>On its way</h2>
${tableOf(
  ['To', 'What it is doing', 'Since'],
  outgoing
    .slice(0, MAX_ROWS)
    .map((message) => [
      html`<span class="address">${message.to}</span>`,
      html`${outgoingWords(message)}${workWords(message, node.workSeconds(message.id))}${message.progress === null ? '' : html`<br><progress max="1" value="${Math.min(message.progress, 1)}"></progress>`}`,
      html`<time>${isoTime(message.since)}</time>`,
    ]),
  'Nothing is on its way.',
)}
${
  later.length === 0
    ? ''
    : html`<h2>Later</h2>\n${tableOf(
        ['To', 'At'],
        later.map(({ to, releaseAt }) => [to.join(', '), isoTime(releaseAt)]),
        '',
      )}`
}
<h2>Peers</h2>
${tableOf(
  ['Address', 'Direction', 'Line', 'Program', 'Since'],
  peers.map(({ address, direction, tls, userAgent, connectedAt }) => [
    address,
    direction,
    tls ? 'TLS' : 'plain',
    userAgent,
    html`<time>${isoTime(connectedAt)}</time>`,
  ]),
  'No peer yet. Right after the start this takes a minute.',
)}
<p>${listening === null ? 'Other nodes cannot connect to this one; it dials out.' : `Listening on ${listening.host} port ${listening.port}.`}
${route.proxy === null ? '' : `All connections go through ${route.proxy}.`}
${route.proxyProblem === null ? '' : `Trouble with the proxy: ${route.proxyProblem}.`}</p>`,
  };
}
