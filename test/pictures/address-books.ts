/**
 * The pictures of docs/contacts.md: Thunderbird finds the address books, changes a name in them, and completes an address.
 * Run `node dist/test/pictures/address-books.js DIRECTORY`; needs what first-steps.ts needs.
 */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { Rig } from '../support/gateway-rig.js';
import { Desktop, settled } from './desktop.js';
import { furnish } from './mailbox.js';
import { Thunderbird } from './thunderbird.js';

/** A card is written back within moments. */
const SYNC_MS = 3000;

const [directory = '.'] = process.argv.slice(2);
mkdirSync(directory, { recursive: true });
const rig = new Rig();
const desktop = await Desktop.open(directory, 1200, 760);
try {
  const alice = await furnish(rig, ['carddav.enabled=true', 'carddav.port=1181', 'carddav.tls_port=0']);
  const profile = rig.directory();
  await alice.ask('setup', { client: 'thunderbird', write: profile });
  // Else it asks for the password of the mail at once, and nothing else can be done before.
  const thunderbird = await Thunderbird.open(desktop, profile, {
    'mail.server.server1.login_at_startup': false,
    'mail.server.server1.check_new_mail': false,
  });
  await thunderbird.press('#addressBookButton');
  await thunderbird.press('#booksPaneCreateBook');
  await thunderbird.press('#addRemoteAddressBook');
  await thunderbird.fill('#username', 'postern');
  await thunderbird.fill('#davServer', 'http://localhost:1181/');
  await thunderbird.press('#forward');
  await thunderbird.fill('#password', alice.ready.login.password);
  await thunderbird.press('#rememberPassword');
  await thunderbird.press('#forward');
  await thunderbird.find({ selector: 'label', text: 'Contacts' });
  await desktop.picture('contacts-books');
  await thunderbird.press('#forward');
  await thunderbird.press('tr#cards-row0');
  await thunderbird.press('#editButton');
  await thunderbird.fill('#vCardDisplayName', 'Robert');
  await thunderbird.press('#saveEditButton');
  await settled(SYNC_MS);
  await desktop.picture('contacts-changed');
  const { contacts } = (await alice.ask('contact list')) as { contacts: { mail: string }[] };
  assert.equal(contacts[0].mail, 'robert@bitmessage');
  await thunderbird.press('#mailButton');
  await thunderbird.press('#folderPaneWriteMessage');
  await thunderbird.press('#toAddrInput');
  await desktop.type('Rob');
  await settled(SYNC_MS);
  await desktop.picture('contacts-completing');
  thunderbird.close();
} finally {
  await desktop.close();
  await rig.end();
}
