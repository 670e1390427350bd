/** Numbers for a monitoring system, in the text format of Prometheus. No address and no name of anybody is in them. */
import type { ControlRooms } from '../control/operation.js';

type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

/** Spec: prometheus.io/docs/instrumenting/exposition_formats (text, version 0.0.4) */
export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

export function metricsText({ node, groups }: ControlRooms): string {
  const { peers, objects, unprocessed, knownNodes } = node.status();
  const cpu = process.cpuUsage();
  return [
    family('postern_peers', 'gauge', 'Nodes that we are connected with.', [
      ...count(['inbound', 'outbound'], peers, ({ direction }) => direction).map(([direction, n]): Sample => [{ direction }, n]),
    ]),
    family('postern_known_nodes', 'gauge', 'Nodes that we could connect to.', [[{}, knownNodes]]),
    family('postern_objects', 'gauge', 'Objects in the inventory.', [[{}, objects]]),
    family('postern_objects_unprocessed', 'gauge', 'Objects still to be tried with our keys.', [[{}, unprocessed]]),
    family('postern_outgoing_messages', 'gauge', 'Messages and broadcasts by state.', [
      ...count(STATES, node.outgoing(), ({ outgoing }) => outgoing.state).map(([state, n]): Sample => [{ state }, n]),
    ]),
    family('postern_identities', 'gauge', 'Own addresses.', [[{}, node.identities().filter(({ chan }) => !chan).length]]),
    family('postern_chans', 'gauge', 'Chans that were joined.', [[{}, groups.chans().length]]),
    family('postern_subscriptions', 'gauge', 'Addresses whose broadcasts are read.', [[{}, groups.subscriptions().length]]),
    family('process_cpu_seconds_total', 'counter', 'Processor time, all threads.', [[{}, (cpu.user + cpu.system) / 1e6]]),
    family('process_resident_memory_bytes', 'gauge', 'Memory.', [[{}, process.memoryUsage.rss()]]),
    family('process_start_time_seconds', 'gauge', 'When the gateway was started.', [
      [{}, Math.round(Date.now() / 1000 - process.uptime())],
    ]),
  ].join('');
}

const STATES = ['held-back', 'queued', 'awaiting-pubkey', 'mining', 'awaiting-ack', 'sent', 'delivered', 'failed', 'cancelled'];

/** Every name has a number, also where there is none of its kind: a line that comes and goes is hard to watch. */
function count<T>(names: readonly string[], items: readonly T[], nameOf: (item: T) => string): [string, number][] {
  return names.map((name) => [name, items.filter((item) => nameOf(item) === name).length]);
}

function family(name: string, type: 'gauge' | 'counter', help: string, samples: readonly Sample[]): string {
  const lines = samples.map(([labels, value]) => {
    const pairs = Object.entries(labels).map(([key, text]) => `${key}="${text}"`);
    return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}\n`;
  });
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}
