/** The page that opens first: the network, and what is on its way. Pure. */
import type { ControlRooms, ScheduledMail } from '../../control/operation.js';
import { outgoingWords, workWords } from '../../control/words.js';
import { type Html, html } from '../html.js';
import { form, type Visit } from './form.js';
import { moment, type Page, tableOf } from './frame.js';
import { unlockSheet } from './keys.js';

/** Long enough to read, short enough to see a proof of work go on. */
const REFRESH_SECONDS = 10;
/** The newest; `postern outbox list` has them all. */
const MAX_ROWS = 100;

type Rooms = Pick<ControlRooms, 'node' | 'scheduled' | 'contacts' | 'custody'>;
type OutgoingMessage = ReturnType<ControlRooms['node']['outgoing']>[number];

export function statusPage({ node, scheduled, contacts, custody }: Rooms, visit: Visit): Page {
  const { peers, objects, unprocessed, listening, knownNodes, route } = node.status();
  const outgoing = [...node.outgoing()].reverse();
  const isUnderWay = ({ outgoing: { state } }: OutgoingMessage): boolean => !['sent', 'delivered', 'cancelled'].includes(state);
  const names = new Map(contacts.list().map(({ address, label }) => [address, label]));
  const row = (message: OutgoingMessage): (string | Html)[] => [
    html`${names.get(message.to) ?? ''} <span class="address">${message.to}</span>`,
    html`${outgoingWords(message, custody.state)}${workWords(message, node.workSeconds(message.id))}${bar(message)}`,
    moment(message.since),
    orders(message, visit),
  ];
  const underWay = outgoing.filter(isUnderWay).slice(0, MAX_ROWS);
  const done = outgoing.filter((message) => !isUnderWay(message)).slice(0, MAX_ROWS);
  const later = scheduled.list();
  return {
    title: 'Status',
    // A reload would take away what is being typed.
    ...(custody.state === 'locked' ? {} : { refreshSeconds: REFRESH_SECONDS }),
    body: html`<ul class="facts">
${fact(peers.length, peers.length === 1 ? 'peer' : 'peers')}
${fact(knownNodes, 'nodes known')}
${fact(objects, 'objects')}
${fact(unprocessed, 'to be looked at')}
</ul>
${unlockSheet({ custody }, visit)}
<h2>On its way</h2>
${tableOf(['To', 'What it is doing', 'Since', ''], underWay.map(row), 'Nothing is on its way.')}
${later.length === 0 ? '' : html`<h2>Later</h2>\n${tableOf(['To', 'At', ''], later.map(laterRow(visit)), '')}`}
${
  done.length === 0
    ? ''
    : html`<h2>Done</h2>\n${tableOf(
        ['To', 'How it ended', 'Since'],
        done.map((message) => row(message).slice(0, 3)),
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
    moment(connectedAt),
  ]),
  'No peer yet. Right after the start this takes a minute.',
)}
<p>${listening === null ? 'Other nodes cannot connect to this one; it dials out.' : `Listening on ${listening.host} port ${listening.port}.`}
${route.proxy === null ? '' : `All connections go through ${route.proxy}.`}
${route.proxyProblem === null ? '' : `Trouble with the proxy: ${route.proxyProblem}.`}</p>`,
  };
}

function fact(number: number, words: string): Html {
  return html`<li><b>${number}</b>${words}</li>`;
}

function bar({ progress }: OutgoingMessage): Html {
  return progress === null ? html`` : html`<br><progress max="1" value="${Math.min(progress, 1)}"></progress>`;
}

function orders({ id, outgoing: { state } }: OutgoingMessage, visit: Visit): Html {
  const small = { back: '/', fixed: { number: String(id) }, isSmall: true };
  if (['queued', 'awaiting-pubkey', 'mining'].includes(state)) return form(visit, { ...small, order: 'outbox cancel', button: 'Stop' });
  return state === 'failed' ? form(visit, { ...small, order: 'outbox retry', button: 'Try again' }) : html``;
}

function laterRow(visit: Visit): (mail: ScheduledMail) => (string | Html)[] {
  return ({ id, to, releaseAt, waitsFor }) => [
    to.join(', '),
    waitsFor || moment(releaseAt),
    form(visit, { order: 'outbox cancel', back: '/', button: 'Stop', fixed: { number: id }, isSmall: true }),
  ];
}
