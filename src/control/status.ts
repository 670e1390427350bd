/** "status": the node's peers and objects, what is on its way out, and what is one's own. */
import type { OutgoingMessage, PeerStatus, RouteStatus } from '../bitmessage/node.js';
import { isLoopback } from '../config.js';
import { groupTable } from './group-names.js';
import { identityValue } from './identity-list.js';
import { lockedText } from './keys.js';
import type { KeyCustody, MailAccess, MailPorts, Operation } from './operation.js';
import { outboxRows } from './outbox.js';
import { table } from './table.js';
import { isoTime, outgoingWords } from './words.js';

export const status: Operation = {
  name: 'status',
  help: 'Show peers, objects, messages on their way, identities, subscriptions and chans.',
  parameters: [],
  run(_, rooms) {
    const { node, groups, mail, custody, scheduled } = rooms;
    const { peers, objects, unprocessed, takesObjects, workIsHeld, listening, knownNodes, route } = node.status();
    const identities = node.identities().filter((identity) => !identity.chan);
    const outbox = node.outgoing();
    const subscriptions = groups.subscriptions();
    const chans = groups.chans();
    const value = {
      mail,
      listening,
      route,
      peers: peers.map(peerValue),
      knownNodes,
      objects,
      unprocessed,
      takesObjects,
      workIsHeld,
      keys: custody.state,
      outbox: outbox.map((message) => outgoingValue(message, node.workSeconds(message.id), custody.state)),
      scheduled: scheduled.list().map(({ id, to, releaseAt, waitsFor }) => ({ id, to, releaseAt: isoTime(releaseAt), waitsFor })),
      identities: identities.map(identityValue),
      subscriptions,
      chans,
    };
    const sections: [string, string][] = [
      ['Mail program', mailText(mail)],
      ['Peers', table(peers.map(({ address, direction, userAgent, tls }) => [address, direction, tls ? 'TLS' : 'plain', userAgent]))],
      ['Proxy', table(routeRows(route))],
      [
        'Objects',
        `${objects} in the inventory, ${unprocessed} still to be looked at; ${knownNodes} nodes known${takesObjects ? '' : NO_ROOM}`,
      ],
      ...(custody.state === 'open'
        ? []
        : [['Keys', lockedText(custody) || 'Encrypted on the disk, and unlocked.'] satisfies [string, string]]),
      ['Outbox', `${table(outboxRows(rooms))}${workIsHeld ? HELD : ''}`.trim()],
      ['Identities', table(identities.map(({ address, label }) => [address, label]))],
      ['Subscriptions', groupTable(subscriptions)],
      ['Chans', groupTable(chans)],
    ];
    return { value, text: sections.map(([title, text]) => `${title}\n${indent(text || 'none')}`).join('\n') };
  },
};

const HELD = '\nThe computer runs on its battery: no new proof of work is begun.';
const NO_ROOM = '\nThe disk is nearly full: no more are taken, also not what comes for you, until there is room.';

/** What to type into a mail program. It says "localhost", because many programs look for a name in the certificate. */
export function mailText({ imap, smtp, user, caPath, fingerprint }: MailAccess, password = 'in login.json in the data directory'): string {
  const server = ({ host, port, tlsPort }: MailPorts): string =>
    `${isLoopback(host) ? 'localhost' : host}, port ${port} with STARTTLS${tlsPort === null ? '' : `, or port ${tlsPort} with TLS`}`;
  return table([
    ['Incoming (IMAP)', server(imap)],
    ['Outgoing (SMTP)', server(smtp)],
    ['User name', user],
    ['Password', password],
    ['Certificate', `SHA-256 ${fingerprint}`],
    ['Authority to trust', caPath],
  ]);
}

/** Which way connections go, and where we can be reached besides our port. */
function routeRows({ proxy, onionProxy, isolated, strict, proxyProblem, onionAddress, onionProblem }: RouteStatus): [string, string][] {
  const manner = [isolated ? 'another user for each connection' : '', strict ? 'strict' : ''].filter((word) => word !== '').join(', ');
  return [
    ...(proxy === null ? [] : [['All connections', `through ${proxy}${manner === '' ? '' : ` (${manner})`}`] as [string, string]]),
    ...(onionProxy === null ? [] : [['Onion names', `through ${onionProxy}`] as [string, string]]),
    ...(proxyProblem === null ? [] : [['Trouble', proxyProblem] as [string, string]]),
    ...(onionAddress === null ? [] : [['Onion service', onionAddress] as [string, string]]),
    ...(onionProblem === null ? [] : [['Onion service', `not up: ${onionProblem}`] as [string, string]]),
  ];
}

function peerValue({ address, direction, userAgent, tls, connectedAt }: PeerStatus): Record<string, unknown> {
  return { address, direction, userAgent, tls, connectedAt: isoTime(connectedAt) };
}

function outgoingValue(message: OutgoingMessage, workSeconds: number | null, keys: KeyCustody['state']): Record<string, unknown> {
  const { id, kind, from, to, outgoing, since, createdAt, attempts, progress } = message;
  return {
    id,
    kind,
    sender: from,
    recipient: to,
    state: outgoing.state,
    since: isoTime(since),
    text: outgoingWords(message, keys),
    createdAt: isoTime(createdAt),
    attempts,
    ...(progress === null ? {} : { progress }),
    ...(workSeconds === null ? {} : { workSeconds: Math.round(workSeconds) }),
    ...(outgoing.state === 'failed' ? { reason: outgoing.reason } : {}),
  };
}

function indent(text: string): string {
  return text.replace(/^/gm, '  ');
}
