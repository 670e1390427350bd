/** "doctor": looks at everything that is known to go wrong, and says so in sentences. */
import type { Finding } from './doctor/finding.js';
import { knockAtPorts } from './doctor/knock.js';
import { lookAtClock, lookAtKeys, lookAtLog, lookAtPeers, lookAtRoute } from './doctor/look.js';
import { lookAtDatabase, lookAtOwner, lookAtRoom } from './doctor/premises.js';
import { report as findingsReport } from './doctor/report.js';
import { sendToSelf } from './doctor/send-to-self.js';
import type { Operation } from './operation.js';

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
      await lookAtRoom(premises.dataDirectory),
      lookAtOwner(premises.dataDirectory),
      lookAtDatabase(await premises.findFault()),
      lookAtKeys(custody),
      lookAtLog(premises.logLevel),
    ];
    if (send === 'true') findings.push(await sendToSelf(node, progress));
    return findingsReport(findings, report === 'true');
  },
};
