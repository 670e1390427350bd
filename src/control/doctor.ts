/** "doctor": looks at everything that is known to go wrong, and says so in sentences. */
import type { Finding } from './doctor/finding.js';
import { knockAtPorts, knockAtProxy } from './doctor/knock.js';
import { lookAtClock, lookAtKeys, lookAtLog, lookAtPeers, lookAtRoute } from './doctor/look.js';
import { lookAtDatabase, lookAtOwner, lookAtRoom } from './doctor/premises.js';
import { report as findingsReport } from './doctor/report.js';
import { sendToSelf } from './doctor/send-to-self.js';
import { ControlRefusal, type Operation, type Premises } from './operation.js';

export const doctor: Operation = {
  name: 'doctor',
  help: ({ doctor: told }) => told.help,
  parameters: [
    { name: 'send', place: 'flag', isRequired: false, help: ({ doctor: told }) => told.send },
    { name: 'report', place: 'flag', isRequired: false, help: ({ doctor: told }) => told.report },
  ],
  async run({ send, report }, { mail, node, premises, custody, words }, progress = () => {}) {
    // Told first: a large database takes its time, and the caller waits for as long as it hears something.
    progress(({ doctor: told }) => told.looking);
    const status = node.status();
    const { route } = status;
    const findings: Finding[] = [
      lookAtClock(status, Date.now() / 1000),
      ...lookAtPeers(status, process.uptime()),
      ...lookAtRoute({ route: { ...route, proxyProblem: route.proxyProblem ?? (await knockAtProxy(route)) } }),
      ...(await knockAtPorts(mail)),
      await lookAtRoom(premises.dataDirectory),
      lookAtOwner(premises.dataDirectory),
      lookAtDatabase(await findFault(premises)),
      lookAtKeys(custody),
      lookAtLog(premises.logLevel),
    ];
    if (send === 'true') findings.push(await sendToSelf(node, words, progress));
    return findingsReport(findings, report === 'true', words);
  },
};

/** @throws ControlRefusal when the gateway ends meanwhile */
async function findFault(premises: Premises): Promise<string | null> {
  try {
    return await premises.findFault();
  } catch (error) {
    if ((error as Error).name === 'AbortError') throw new ControlRefusal(({ orders }) => orders.stopping, { cause: error });
    throw error;
  }
}
