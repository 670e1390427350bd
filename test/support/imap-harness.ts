/** Runs the IMAP server alone on a store of its own, for mail clients and imaptest: node dist/test/support/imap-harness.js DIR [PORT]. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureCertificate } from '../../src/access/certificate.js';
import { describeMessage } from '../../src/mime/describe.js';
import { openImapHouse, PASSWORD, USER } from './imap-house.js';

const [directory = '.', port = '0'] = process.argv.slice(2);
mkdirSync(directory, { recursive: true });
const certificate = await ensureCertificate(directory, []);
const house = await openImapHouse(describeMessage, { port: Number(port), tlsPort: 0, tls: certificate }, join(directory, 'mail.db'));
for (const path of ['Sent', 'Drafts', 'Junk', 'Trash', 'Archive']) {
  if (house.mailboxes.find(path) === undefined) house.mailboxes.create(path, { specialUse: `\\${path}` });
  house.mailboxes.subscribe(path); // Thunderbird shows no others
}
process.stdout.write(
  `${JSON.stringify({ port: house.port, tlsPort: house.tlsPort, ca: certificate.caPath, user: USER, password: PASSWORD })}\n`,
);
process.once('SIGTERM', () => void house.stop().then(() => process.exit(0)));
