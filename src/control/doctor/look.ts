/** What can be told from numbers that are there already. Pure. */
import type { NodeStatus } from '../../bitmessage/node.js';
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

/** Peers whose clocks differ by more than an hour refuse to talk: so without peers the clock may be why. */
export function lookAtClock({ peers }: Pick<NodeStatus, 'peers'>): Finding {
  const about = 'clock';
  if (peers.length === 0) return { about, verdict: 'warn', text: 'There is no peer to compare the clock with.' };
  const offsets = peers.map(({ clockAheadSeconds }) => clockAheadSeconds).sort((a, b) => a - b);
  const ahead = offsets[Math.floor(offsets.length / 2)];
  const said = `${Math.abs(ahead)} seconds ${ahead > 0 ? 'behind' : 'ahead of'} the peers' clocks`;
  if (Math.abs(ahead) <= CLOCK_WARN_SECONDS) return { about, verdict: 'ok', text: 'The clock agrees with the peers.' };
  if (peers.length < CLOCK_MIN_PEERS) return { about, verdict: 'warn', text: `The clock is ${said}, but there are few peers.` };
  return { about, verdict: 'fail', text: `The clock is ${said}. Beyond an hour, nobody will talk to us.` };
}

export function lookAtPeers({ peers, knownNodes, listening, unprocessed }: NodeStatus): Finding[] {
  const inbound = peers.filter(({ direction }) => direction === 'inbound').length;
  return [
    peers.length > 0
      ? {
          about: 'peers',
          verdict: 'ok',
          text: `Connected with ${peers.length} peers, ${inbound} of them came to us; ${knownNodes} nodes are known.`,
        }
      : {
          about: 'peers',
          verdict: 'warn',
          text: `Connected with no peer; ${knownNodes} nodes are known. Right after the start that takes a minute.`,
        },
    listening === null
      ? { about: 'listening', verdict: 'ok', text: 'Other nodes cannot connect to this one; it dials out.' }
      : {
          about: 'listening',
          verdict: 'ok',
          text: 'The port for other nodes is open.',
          detail: `${listening.host} port ${listening.port}`,
        },
    { about: 'objects', verdict: 'ok', text: `${unprocessed} objects are still to be looked at.` },
  ];
}

export function lookAtRoute({ route }: Pick<NodeStatus, 'route'>): Finding[] {
  const { proxy, onionProxy, strict, proxyProblem, onionProblem } = route;
  const findings: Finding[] = [];
  if (proxy === null && onionProxy === null)
    findings.push({ about: 'proxy', verdict: 'ok', text: 'No proxy is set: connections go straight.' });
  else if (proxyProblem !== null)
    findings.push({ about: 'proxy', verdict: 'fail', text: 'The proxy does not work.', detail: proxyProblem });
  else if (proxy !== null && !strict)
    findings.push({
      about: 'proxy',
      verdict: 'warn',
      text: 'All connections go through the proxy; network.proxy_strict would keep it so whatever else is set.',
    });
  else
    findings.push({
      about: 'proxy',
      verdict: 'ok',
      text: proxy === null ? 'Onion names go through a proxy.' : 'Nothing bypasses the proxy.',
    });
  if (onionProblem !== null)
    findings.push({ about: 'onion service', verdict: 'warn', text: 'The onion service is not up.', detail: onionProblem });
  return findings;
}

export function lookAtDisk(freeBytes: number): Finding {
  const text = `${Math.floor(freeBytes / 1_000_000)} MB are free where the data lies.`;
  return { about: 'disk', verdict: freeBytes < DISK_FAIL_BYTES ? 'fail' : freeBytes < DISK_WARN_BYTES ? 'warn' : 'ok', text };
}

export function lookAtCertificate(daysLeft: number): Finding {
  const text = `The certificate is good for ${Math.floor(daysLeft)} more days; a start renews it in time.`;
  return { about: 'certificate', verdict: daysLeft < 0 ? 'fail' : daysLeft < CERTIFICATE_WARN_DAYS ? 'warn' : 'ok', text };
}

export function lookAtKeys(custody: Pick<KeyCustody, 'state' | 'opensByLogin'>): Finding {
  const about = 'keys';
  const { state } = custody;
  if (state === 'locked') return { about, verdict: 'warn', text: lockedText(custody) };
  return { about, verdict: 'ok', text: `Your private keys are ${state === 'open' ? 'not ' : ''}encrypted on the disk.` };
}

export function lookAtLog(level: string): Finding {
  if (level !== 'debug') return { about: 'log', verdict: 'ok', text: `The log level is ${level}.` };
  return { about: 'log', verdict: 'warn', text: 'The log level is debug: the log tells with whom you are connected, and grows fast.' };
}
