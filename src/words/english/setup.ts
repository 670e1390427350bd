/** What to type into a mail program, and what stands in the settings that are made for it. */

export const setup = {
  help: 'Print the settings of a mail program, ready to use; they hold your password.',
  identity: 'one of your addresses or its label: a login that shows it alone (otherwise all)',
  write: 'write to a file (thunderbird: a directory) that is not there yet',
  isNone: (client: string, clients: string) => `"${client}" is none of ${clients}`,
  noIdentity: 'there is no address yet',
  notEmpty: (path: string) => `${path} is not empty`,
  done: (path: string) => `${path} is written.`,

  /** What to type. */
  incoming: 'Incoming (IMAP)',
  outgoing: 'Outgoing (SMTP)',
  user: 'User name',
  password: 'Password',
  inLoginFile: 'in login.json in the data directory',
  certificate: 'Certificate',
  authority: 'Authority to trust',
  port: (host: string, port: number) => `${host}, port ${port.toFixed(0)} with STARTTLS`,
  ports: (host: string, port: number, tlsPort: number) =>
    `${host}, port ${port.toFixed(0)} with STARTTLS, or port ${tlsPort.toFixed(0)} with TLS`,

  /** One line for people, above the files. */
  settingsFor: (file: string) => `Settings for ${file}`,
  module: 'A module for programs of your own',
  appleHint: 'A configuration profile: open the file, then install it in the system settings under Profiles',
  appleDescription: 'Reads and writes Bitmessage through Postern on your computer.',
  thunderbirdHint: `"postern setup thunderbird --write DIR" writes these files as a profile of its own, with everything in it; "thunderbird --profile DIR" opens it.
For the Thunderbird that you have, type the settings: Account Settings, Account Actions, Add Mail Account. Accept the certificate, once for reading and once when you first send`,
  opensWith: (command: string) => `This opens it; Thunderbird asks for the password once:\n  ${command}`,
  /** What Thunderbird calls the keywords of a mail. */
  tags: { pending: 'Waiting', submitted: 'On the network', delivered: 'Delivered', failed: 'Failed' },

  /** Comments in the files. */
  holdsPassword: 'It holds your password: keep it to yourself (chmod 600).',
  ownersAlone: (program: string) => `It holds your password; ${program} wants the file to be yours alone (chmod 600).`,
  asksPassword: (file: string) => `add to ${file}. alpine asks for the password.`,
  aercTrust: (command: string) => `So that aerc trusts Postern's certificate, start it with: ${command}`,
  maildir: (path: string) => `Your mail comes to ${path}, which must be there: mkdir -p ${path}`,
  moduleComment: 'Postern in imapflow and nodemailer. It holds your password: keep it to yourself.',
  thunderbirdComment: 'Postern in Thunderbird. Thunderbird reads this file at every start; remove it once the account is as you want it.',
};
