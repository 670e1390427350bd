/** Apple's configuration profile (.mobileconfig) for Mail on macOS, iOS and iPadOS. Pure but for the hash. */
import { createHash } from 'node:crypto';
import { escapeXml, passwordOf, type Setup, type SetupAccount, serverName } from './account.js';

type Value = string | number | boolean | { readonly data: string } | readonly Value[] | { readonly [key: string]: Value };

/** Spec: developer.apple.com/documentation/devicemanagement/mail and …/certificateroot */
export function appleSetup(account: SetupAccount): Setup {
  const { imap, smtp, user, address, label, ca, words } = account;
  const payload = (type: string, name: string): Record<string, Value> => ({
    PayloadType: type,
    PayloadVersion: 1,
    PayloadIdentifier: `org.postern.${user}.${name}`,
    PayloadUUID: stableUuid(`${user} ${name} ${ca}`),
    PayloadDisplayName: 'Postern',
  });
  const profile: Value = {
    ...payload('Configuration', 'profile'),
    PayloadDescription: words.setup.appleDescription,
    PayloadContent: [
      { ...payload('com.apple.security.root', 'authority'), PayloadContent: { data: pemBody(ca) } },
      {
        ...payload('com.apple.mail.managed', 'mail'),
        EmailAccountType: 'EmailTypeIMAP',
        EmailAccountDescription: 'Postern',
        EmailAccountName: label || address,
        EmailAddress: address,
        IncomingMailServerAuthentication: 'EmailAuthPassword',
        IncomingMailServerHostName: serverName(imap.host),
        IncomingMailServerPortNumber: imap.tlsPort ?? imap.port,
        IncomingMailServerUseSSL: true,
        IncomingMailServerUsername: user,
        IncomingPassword: passwordOf(account),
        OutgoingMailServerAuthentication: 'EmailAuthPassword',
        OutgoingMailServerHostName: serverName(smtp.host),
        OutgoingMailServerPortNumber: smtp.tlsPort ?? smtp.port,
        OutgoingMailServerUseSSL: true,
        OutgoingMailServerUsername: user,
        OutgoingPasswordSameAsIncomingPassword: true,
      },
    ],
  };
  const text = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
${plist(profile, '')}
</plist>
`;
  return {
    client: 'apple',
    hint: words.setup.appleHint,
    files: [{ name: 'postern.mobileconfig', text }],
  };
}

function plist(value: Value, indent: string): string {
  const deeper = `${indent}  `;
  if (typeof value === 'string') return `${indent}<string>${escapeXml(value)}</string>`;
  if (typeof value === 'number') return `${indent}<integer>${value}</integer>`;
  if (typeof value === 'boolean') return `${indent}<${value}/>`;
  if (isList(value)) return `${indent}<array>\n${value.map((item) => plist(item, deeper)).join('\n')}\n${indent}</array>`;
  if (isData(value)) return `${indent}<data>${value.data}</data>`;
  const rows = Object.entries(value).map(([key, item]) => `${deeper}<key>${escapeXml(key)}</key>\n${plist(item, deeper)}`);
  return `${indent}<dict>\n${rows.join('\n')}\n${indent}</dict>`;
}

function isList(value: object): value is readonly Value[] {
  return Array.isArray(value);
}

function isData(value: object): value is { readonly data: string } {
  return 'data' in value && Object.keys(value).length === 1;
}

/** The same for the same account, so that a second installation replaces the first. */
function stableUuid(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  // RFC 9562 §5.8: version 8, variant 10.
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`.toUpperCase();
}

function pemBody(pem: string): string {
  return pem.replace(/-----[A-Z ]+-----|\s/g, '');
}
