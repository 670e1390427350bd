/** The page that opens first: the network, and what is on its way. Pure. */
import type { ControlRooms, ScheduledMail } from '../../control/operation.js';
import { outgoingWords, spellingWords, workWords } from '../../control/words.js';
import type { Words } from '../../words/words.js';
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
  const { words } = visit;
  const { status, address, since, to } = words.page;
  const { peers, objects, unprocessed, lookedBack, listening, knownNodes, route } = node.status();
  const outgoing = [...node.outgoing()].reverse();
  const isUnderWay = ({ outgoing: { state } }: OutgoingMessage): boolean => !['sent', 'delivered', 'cancelled'].includes(state);
  const names = new Map(contacts.list().map(({ address, label }) => [address, label]));
  const row = (message: OutgoingMessage): (string | Html)[] => [
    html`${names.get(message.to) ?? ''} <span class="address">${message.to}</span>`,
    html`${outgoingWords(words, message, custody.state)}${workWords(words, message, node.workSeconds(message.id))}${bar(message)}`,
    moment(words, message.since),
    orders(message, visit),
  ];
  const underWay = outgoing.filter(isUnderWay).slice(0, MAX_ROWS);
  const done = outgoing.filter((message) => !isUnderWay(message)).slice(0, MAX_ROWS);
  const later = scheduled.list();
  return {
    title: status.title,
    // A reload would take away what is being typed.
    ...(custody.state === 'locked' ? {} : { refreshSeconds: REFRESH_SECONDS }),
    body: html`<ul class="facts">
${fact(peers.length, status.peers(peers.length), words)}
${fact(knownNodes, status.known(knownNodes), words)}
${fact(objects, status.objects(objects), words)}
${fact(unprocessed, status.unprocessed, words)}
</ul>
${lookedBack === null ? '' : html`<p>${words.status.lookingBack(Math.floor(lookedBack * 100))}</p>`}
${unlockSheet({ custody }, visit)}
<h2>${status.underWay}</h2>
${tableOf([to, status.doing, since, ''], underWay.map(row), status.nothingUnderWay)}
${later.length === 0 ? '' : html`<h2>${status.later}</h2>\n${tableOf([to, status.at, ''], later.map(laterRow(visit)), '')}`}
${
  done.length === 0
    ? ''
    : html`<h2>${status.done}</h2>\n${tableOf(
        [to, status.ended, since],
        done.map((message) => row(message).slice(0, 3)),
        '',
      )}`
}
<h2>${status.peerTable}</h2>
${tableOf(
  [address, status.direction, status.encryption, status.program, since],
  peers.map(({ address: peer, direction, tls, userAgent, connectedAt }) => [
    peer,
    status.directions[direction],
    tls ? 'TLS' : status.plain,
    userAgent,
    moment(words, connectedAt),
  ]),
  status.noPeer,
)}
<p>${listening === null ? status.notListening : status.listening(listening.host, listening.port)}
${route.proxy === null ? '' : status.proxy(route.proxy)}
${route.proxyProblem === null ? '' : status.proxyTrouble(route.proxyProblem)}</p>`,
  };
}

function fact(number: number, what: string, { write }: Words): Html {
  return html`<li><b>${write.number(number)}</b>${what}</li>`;
}

function bar({ progress }: OutgoingMessage): Html {
  return progress === null ? html`` : html`<br><progress max="1" value="${Math.min(progress, 1)}"></progress>`;
}

function orders({ id, to, outgoing: { state } }: OutgoingMessage, visit: Visit): Html {
  const { status } = visit.words.page;
  const small = { back: '/', fixed: { number: String(id) }, isSmall: true, about: to };
  if (['queued', 'awaiting-pubkey', 'mining'].includes(state))
    return form(visit, { ...small, order: 'outbox cancel', button: status.stop });
  return state === 'failed' ? form(visit, { ...small, order: 'outbox retry', button: status.retry }) : html``;
}

function laterRow(visit: Visit): (mail: ScheduledMail) => (string | Html)[] {
  return ({ id, to, releaseAt, waitsFor }) => [
    to.join(', '),
    spellingWords(visit.words, waitsFor) || moment(visit.words, releaseAt),
    form(visit, {
      order: 'outbox cancel',
      back: '/',
      button: visit.words.page.status.stop,
      about: to.join(', '),
      fixed: { number: id },
      isSmall: true,
    }),
  ];
}
