/** "status": the node's peers and objects, what is on its way out, and what is one's own. */
import type { OutgoingMessage, PeerStatus, RouteStatus } from '../bitmessage/node.js';
import { isLoopback } from '../config.js';
import type { Words } from '../words/words.js';
import { groupTable } from './group-names.js';
import { identityValue } from './identity-list.js';
import { lockedText } from './keys.js';
import type { MailAccess, MailPorts, Operation } from './operation.js';
import { outboxRows, outboxTable } from './outbox.js';
import { table } from './table.js';
import { isoTime, outgoingWords, spellingWords } from './words.js';

export const status: Operation = {
  name: 'status',
  help: ({ status: told }) => told.help,
  parameters: [],
  run(_, rooms) {
    const { node, groups, mail, custody, scheduled, words } = rooms;
    const { sections: titles, directions, plain, objects: inventory, lookingBack, noRoom, onBattery, none } = words.status;
    const { peers, objects, unprocessed, lookedBack, takesObjects, workIsHeld, listening, knownNodes, route } = node.status();
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
      lookedBack,
      takesObjects,
      workIsHeld,
      keys: custody.state,
      mailIsSealed: custody.isMailSealed,
      outbox: outbox.map((message) => outgoingValue(message, node.workSeconds(message.id), outgoingWords(words, message, custody.state))),
      scheduled: scheduled
        .list()
        .map(({ id, to, releaseAt, waitsFor }) => ({ id, to, releaseAt: isoTime(releaseAt), waitsFor: spellingWords(words, waitsFor) })),
      identities: identities.map(identityValue),
      subscriptions,
      chans,
    };
    const sections: [string, string][] = [
      [titles.mailProgram, mailText(words, mail)],
      [
        titles.peers,
        table(peers.map(({ address, direction, userAgent, tls }) => [address, directions[direction], tls ? 'TLS' : plain, userAgent])),
      ],
      [titles.proxy, table(routeRows(route, words))],
      [
        titles.objects,
        lines(
          inventory(objects, unprocessed, knownNodes),
          lookedBack === null ? '' : lookingBack(Math.floor(lookedBack * 100)),
          takesObjects ? '' : noRoom,
        ),
      ],
      ...(custody.state === 'open'
        ? []
        : [
            [
              titles.keys,
              lockedText(words, custody) || (custody.isMailSealed ? words.keys.mail.unlockedAll : words.keys.encryptedAndUnlocked),
            ] satisfies [string, string],
          ]),
      [titles.outbox, lines(outboxTable(outboxRows(rooms), words), workIsHeld ? onBattery : '')],
      [titles.identities, table(identities.map(({ address, label }) => [address, label]))],
      [titles.subscriptions, groupTable(subscriptions)],
      [titles.chans, groupTable(chans)],
    ];
    return { value, text: sections.map(([title, text]) => `${title}\n${indent(text || none)}`).join('\n') };
  },
};

/** What to type into a mail program, the password apart. It says "localhost", because many programs look for a name in the certificate. */
export function serverRows({ setup }: Words, { imap, smtp, user }: Pick<MailAccess, 'imap' | 'smtp' | 'user'>): [string, string][] {
  const server = ({ host, port, tlsPort }: MailPorts): string => {
    const name = isLoopback(host) ? 'localhost' : host;
    return tlsPort === null ? setup.port(name, port) : setup.ports(name, port, tlsPort);
  };
  return [
    [setup.incoming, server(imap)],
    [setup.outgoing, server(smtp)],
    [setup.user, user],
  ];
}

/** All that there is to know of it. */
export function mailText(words: Words, mail: MailAccess): string {
  const { setup } = words;
  return table([
    ...serverRows(words, mail),
    [setup.password, setup.inLoginFile],
    [setup.certificate, `SHA-256 ${mail.fingerprint}`],
    [setup.authority, mail.caPath],
  ]);
}

/** Which way connections go, and where we can be reached besides our port. */
function routeRows(route: RouteStatus, { status: { route: words } }: Words): [string, string][] {
  const { proxy, onionProxy, isolated, strict, proxyProblem, onionAddress, onionProblem } = route;
  const manner = [isolated ? words.isolated : '', strict ? words.strict : ''].filter((word) => word !== '').join(', ');
  return [
    ...(proxy === null ? [] : [[words.all, `${words.through(proxy)}${manner === '' ? '' : ` (${manner})`}`] as [string, string]]),
    ...(onionProxy === null ? [] : [[words.onion, words.through(onionProxy)] as [string, string]]),
    ...(proxyProblem === null ? [] : [[words.trouble, proxyProblem] as [string, string]]),
    ...(onionAddress === null ? [] : [[words.service, onionAddress] as [string, string]]),
    ...(onionProblem === null ? [] : [[words.service, words.notUp(onionProblem)] as [string, string]]),
  ];
}

function peerValue({ address, direction, userAgent, tls, connectedAt }: PeerStatus): Record<string, unknown> {
  return { address, direction, userAgent, tls, connectedAt: isoTime(connectedAt) };
}

function outgoingValue(message: OutgoingMessage, workSeconds: number | null, text: string): Record<string, unknown> {
  const { id, kind, from, to, outgoing, since, createdAt, attempts, progress } = message;
  return {
    id,
    kind,
    sender: from,
    recipient: to,
    state: outgoing.state,
    since: isoTime(since),
    text,
    createdAt: isoTime(createdAt),
    attempts,
    ...(progress === null ? {} : { progress }),
    ...(workSeconds === null ? {} : { workSeconds: Math.round(workSeconds) }),
    ...(outgoing.state === 'failed' ? { reason: outgoing.reason } : {}),
  };
}

/** One below the other; '' is none. */
function lines(...texts: string[]): string {
  return texts.filter((text) => text !== '').join('\n');
}

function indent(text: string): string {
  return text.replace(/^/gm, '  ');
}
