/** "doctor": looks at everything that is known to go wrong, and says so in sentences. */
import { statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import type { Finding } from './doctor/finding.js';
import { knockAtPorts } from './doctor/knock.js';
import { lookAtClock, lookAtDisk, lookAtKeys, lookAtLog, lookAtPeers, lookAtRoute } from './doctor/look.js';
import { sendToSelf } from './doctor/send-to-self.js';
import type { Operation, Premises } from './operation.js';
import { table } from './table.js';

export const doctor: Operation = {
  name: 'doctor',
  help: 'Look at clock, ports, peers, proxy, certificate, disk and database, and say what is wrong.',
  parameters: [
    { name: 'send', place: 'flag', isRequired: false, help: 'send a message to yourself as well, and wait for it' },
    { name: 'report', place: 'flag', isRequired: false, help: 'a report that can be shown to others: no addresses, no host names' },
  ],
  async run({ send, report }, { mail, node, premises, custody }, progress = () => {}) {
    // Told first: a large database takes its time, and the caller waits for as long as it hears something.
    progress('looking at everything');
    const status = node.status();
    const findings: Finding[] = [
      lookAtClock(status),
      ...lookAtPeers(status),
      ...lookAtRoute(status),
      ...(await knockAtPorts(mail)),
      await lookAtRoom(premises),
      lookAtOwner(premises),
      await lookAtDatabase(premises),
      lookAtKeys(custody.state),
      lookAtLog(premises.logLevel),
    ];
    if (send === 'true') findings.push(await sendToSelf(node, progress));
    const isShared = report === 'true';
    const shown = findings.map(({ detail, ...rest }) => (isShared || detail === undefined ? rest : { ...rest, detail }));
    const rows = shown.map((finding) => [
      finding.verdict,
      finding.about,
      'detail' in finding ? `${finding.text} (${finding.detail})` : finding.text,
    ]);
    const platform = `Node.js ${process.versions.node} on ${process.platform} ${process.arch}`;
    return {
      value: { well: findings.every(({ verdict }) => verdict !== 'fail'), platform, findings: shown },
      text: `${platform}\n${table(rows)}`,
    };
  },
};

async function lookAtRoom({ dataDirectory }: Premises): Promise<Finding> {
  const { bavail, bsize } = await statfs(dataDirectory);
  return lookAtDisk(bavail * bsize);
}

function lookAtOwner({ dataDirectory }: Premises): Finding {
  const isOpen = process.platform !== 'win32' && (statSync(dataDirectory).mode & 0o077) !== 0;
  if (!isOpen) return { about: 'data directory', verdict: 'ok', text: 'The data directory is for its owner alone.', detail: dataDirectory };
  return {
    about: 'data directory',
    verdict: 'warn',
    text: 'Others on this machine can look into the data directory: chmod 700 it.',
    detail: dataDirectory,
  };
}

async function lookAtDatabase({ findFault }: Premises): Promise<Finding> {
  const fault = await findFault();
  if (fault === null) return { about: 'database', verdict: 'ok', text: 'The database is sound.' };
  return { about: 'database', verdict: 'fail', text: 'The database is damaged: restore a backup.', detail: fault };
}
