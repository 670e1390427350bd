/** All mail programs that settings can be made for. */
import type { Setup, SetupAccount } from './account.js';
import { appleSetup } from './apple.js';
import { imapflowSetup, mbsyncSetup, msmtpSetup, offlineimapSetup } from './sync-programs.js';
import { aercSetup, alpineSetup, muttSetup } from './terminal-programs.js';
import { thunderbirdSetup } from './thunderbird.js';

/** As their makers write them. */
export const CLIENT_NAMES: Readonly<Record<string, string>> = {
  thunderbird: 'Thunderbird',
  apple: 'Apple Mail (Mac, iPhone, iPad)',
  offlineimap: 'OfflineIMAP',
  imapflow: 'imapflow, nodemailer (Node.js)',
};

export const SETUPS: Readonly<Record<string, (account: SetupAccount) => Setup>> = {
  thunderbird: thunderbirdSetup,
  apple: appleSetup,
  mutt: (account) => muttSetup(account, 'mutt'),
  neomutt: (account) => muttSetup(account, 'neomutt'),
  aerc: aercSetup,
  alpine: alpineSetup,
  mbsync: mbsyncSetup,
  msmtp: msmtpSetup,
  offlineimap: offlineimapSetup,
  imapflow: imapflowSetup,
};
