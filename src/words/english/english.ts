/** All that Postern says in English; every other language is held against this one. */
import type { Language } from '../language.js';
import { commandLine } from './command-line.js';
import { contacts } from './contacts.js';
import { doctor } from './doctor.js';
import { folders } from './folders.js';
import { groups } from './groups.js';
import { identities } from './identities.js';
import { keys } from './keys.js';
import { mails } from './mails.js';
import { moving } from './moving.js';
import { orders } from './orders.js';
import { outgoing } from './outgoing.js';
import { page } from './page.js';
import { sending } from './sending.js';
import { settings } from './settings.js';
import { setup } from './setup.js';
import { status } from './status.js';
import { write } from './write.js';

export const english = {
  language: 'en' as Language,
  write,
  orders,
  identities,
  groups,
  contacts,
  keys,
  mails,
  moving,
  folders,
  sending,
  status,
  outgoing,
  doctor,
  settings,
  setup,
  page,
  commandLine,
};
