/** The description of a mail account that Thunderbird and others read: config-v1.1.xml. Pure. */
import { MAIL_DOMAIN } from '../../mapping/address.js';
import type { MailPorts } from '../operation.js';
import { escapeXml, serverName } from './account.js';

export interface DescribedAccount {
  readonly imap: MailPorts;
  readonly smtp: MailPorts;
  readonly user: string;
}

/**
 * Spec: wiki.mozilla.org/Thunderbird:Autoconfiguration:ConfigFileFormat
 *
 * @param password only for a file that stays with its owner
 */
export function autoconfigXml({ imap, smtp, user }: DescribedAccount, password: string | null): string {
  const server = (tag: string, type: string, { host, port }: MailPorts): string => `    <${tag} type="${type}">
      <hostname>${escapeXml(serverName(host))}</hostname>
      <port>${port}</port>
      <socketType>STARTTLS</socketType>
      <authentication>password-cleartext</authentication>
      <username>${escapeXml(user)}</username>${password === null ? '' : `\n      <password>${escapeXml(password)}</password>`}
    </${tag}>`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<clientConfig version="1.1">
  <emailProvider id="${MAIL_DOMAIN}">
    <domain>${MAIL_DOMAIN}</domain>
    <displayName>Postern (Bitmessage)</displayName>
    <displayShortName>Postern</displayShortName>
${server('incomingServer', 'imap', imap)}
${server('outgoingServer', 'smtp', smtp)}
  </emailProvider>
</clientConfig>
`;
}
