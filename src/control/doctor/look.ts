/** What can be told from numbers that are there already. Pure. */
import type { NodeStatus } from '../../bitmessage/node.js';
import type { Saying } from '../../words/words.js';
import { lockedText } from '../keys.js';
import type { KeyCustody } from '../operation.js';
import type { Finding } from './finding.js';

/** Mail programs begin to show odd times. */
const CLOCK_WARN_SECONDS = 120;
/** One peer may be wrong itself. */
const CLOCK_MIN_PEERS = 3;
/** Room for a day of the network's objects and mail. */
const DISK_WARN_BYTES = 1_000_000_000;
/** SQLite can still write and clean up. */
const DISK_FAIL_BYTES = 100_000_000;
const CERTIFICATE_WARN_DAYS = 30;
/** From names and a list of nodes to the first handshake; through Tor it takes longer. */
const PEERS_WARN_SECONDS = 120;

/** @param now UnixSeconds. Peers whose clocks differ by more than an hour refuse to talk: so without peers the clock may be why. */
export function lookAtClock({ peers }: Pick<NodeStatus, 'peers'>, now: number): Finding {
  const about = 'clock';
  if (peers.length === 0) return { about, verdict: 'warn', text: ({ doctor }) => doctor.noPeerForClock(now) };
  const offsets = peers.map(({ clockAheadSeconds }) => clockAheadSeconds).sort((a, b) => a - b);
  const ahead = offsets[Math.floor(offsets.length / 2)];
  // The peers' clocks are ahead of ours: ours is behind.
  const said: Saying = ({ doctor }) => (ahead > 0 ? doctor.behind(ahead) : doctor.ahead(-ahead));
  if (Math.abs(ahead) <= CLOCK_WARN_SECONDS) return { about, verdict: 'ok', text: ({ doctor }) => doctor.clockAgrees };
  if (peers.length < CLOCK_MIN_PEERS) return { about, verdict: 'warn', text: (words) => words.doctor.fewPeers(said(words)) };
  return { about, verdict: 'fail', text: (words) => words.doctor.clockIsWrong(said(words)) };
}

/** @param upSeconds how long the node has had to find some */
export function lookAtPeers({ peers, knownNodes, listening, unprocessed }: NodeStatus, upSeconds: number): Finding[] {
  const inbound = peers.filter(({ direction }) => direction === 'inbound').length;
  return [
    peers.length > 0
      ? {
          about: 'peers',
          verdict: 'ok',
          text: ({ doctor }) => doctor.peers(peers.length, inbound, knownNodes),
        }
      : {
          about: 'peers',
          verdict: 'warn',
          text: ({ doctor }) => (upSeconds < PEERS_WARN_SECONDS ? doctor.noPeersYet(knownNodes) : doctor.noPeers(knownNodes)),
        },
    listening === null
      ? { about: 'listening', verdict: 'ok', text: ({ doctor }) => doctor.notListening }
      : {
          about: 'listening',
          verdict: 'ok',
          text: ({ doctor }) => doctor.listening,
          detail: ({ commandLine }) => commandLine.port(listening.host, listening.port),
        },
    { about: 'objects', verdict: 'ok', text: ({ doctor }) => doctor.objects(unprocessed) },
  ];
}

export function lookAtRoute({ route }: Pick<NodeStatus, 'route'>): Finding[] {
  const { proxy, onionProxy, strict, proxyProblem, onionProblem } = route;
  const findings: Finding[] = [];
  if (proxy === null && onionProxy === null) findings.push({ about: 'proxy', verdict: 'ok', text: ({ doctor }) => doctor.noProxy });
  else if (proxyProblem !== null)
    findings.push({ about: 'proxy', verdict: 'fail', text: ({ doctor }) => doctor.proxyFails, detail: proxyProblem });
  else if (proxy !== null && !strict)
    findings.push({
      about: 'proxy',
      verdict: 'warn',
      text: ({ doctor }) => doctor.notStrict,
    });
  else
    findings.push({
      about: 'proxy',
      verdict: 'ok',
      text: ({ doctor }) => (proxy === null ? doctor.onionProxy : doctor.strictProxy),
    });
  if (onionProblem !== null)
    findings.push({ about: 'onion service', verdict: 'warn', text: ({ doctor }) => doctor.noOnionService, detail: onionProblem });
  return findings;
}

export function lookAtDisk(freeBytes: number): Finding {
  const verdict = freeBytes < DISK_FAIL_BYTES ? 'fail' : freeBytes < DISK_WARN_BYTES ? 'warn' : 'ok';
  const megabytes = Math.floor(freeBytes / 1_000_000);
  return { about: 'disk', verdict, text: ({ doctor }) => (verdict === 'ok' ? doctor.disk(megabytes) : doctor.diskIsFull(megabytes)) };
}

export function lookAtCertificate(daysLeft: number): Finding {
  const text: Saying = ({ doctor }) => doctor.certificate(Math.floor(daysLeft));
  return { about: 'certificate', verdict: daysLeft < 0 ? 'fail' : daysLeft < CERTIFICATE_WARN_DAYS ? 'warn' : 'ok', text };
}

export function lookAtKeys(custody: Pick<KeyCustody, 'state' | 'opensByLogin' | 'isMailSealed'>): Finding {
  const about = 'keys';
  const { state } = custody;
  if (state === 'locked') return { about, verdict: 'warn', text: (words) => lockedText(words, custody) };
  return { about, verdict: 'ok', text: ({ doctor }) => (state === 'open' ? doctor.keysNotEncrypted : doctor.keysEncrypted) };
}

export function lookAtLog(level: string): Finding {
  if (level !== 'debug') return { about: 'log', verdict: 'ok', text: ({ doctor }) => doctor.logLevel(level) };
  return { about: 'log', verdict: 'warn', text: ({ doctor }) => doctor.logTellsMuch };
}
