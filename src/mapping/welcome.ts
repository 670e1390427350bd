/** Pure: the first mail in a new INBOX, which says how this works, and that of a new address. */
import type { UnixSeconds } from '../base/clock.js';
import type { MailDraft } from '../mime/compose-mail.js';
import { CONTROL_ADDRESS, MAIL_DOMAIN, toMailAddress } from './address.js';

export function welcomeMail(address: string, now: UnixSeconds, messageId: string): MailDraft {
  return {
    from: { name: 'Postern', address: toMailAddress('postmaster') },
    to: [{ name: '', address: toMailAddress(address) }],
    subject: 'Welcome to Bitmessage',
    date: now,
    messageId,
    fields: [['Auto-Submitted', 'auto-generated']],
    text: `This is your Bitmessage address:

    ${toMailAddress(address)}

Give it to people as it is; capital letters matter.


WRITE TO SOMEBODY
  Send a mail to BM-...@${MAIL_DOMAIN}. It lies in Outbox while your
  computer works for it, goes to Sent when it is on the network, and is
  marked $Delivered when the other side has decrypted it. To stop it,
  delete it from Outbox. For a first try, write to yourself.

JOIN A CHAN, a group for all who know its passphrase
  Make a folder under Chans, and name it after the passphrase. Whoever
  has Chans/general writes to general@${MAIL_DOMAIN}. To leave, delete it.

READ SOMEBODY'S BROADCASTS
  Make a folder under Subscriptions, and name it after the address.

WRITE TO ALL WHO READ YOURS
  Send a mail to broadcast@${MAIL_DOMAIN}.

GIVE ORDERS BY MAIL
  What is to be done stands in the subject. Each of these opens a new
  mail; it goes to this program only, and the answer comes at once.

  Help             <mailto:${CONTROL_ADDRESS}?subject=help>
  How it stands    <mailto:${CONTROL_ADDRESS}?subject=status>
  Join a chan      <mailto:${CONTROL_ADDRESS}?subject=join%20general>
  Another address  <mailto:${CONTROL_ADDRESS}?subject=new%20identity%20Work>


Answers, threads and attachments (250 kB or so) work as in any mail.
Your name, mail program, computer and time zone never leave this machine.
`,
    files: [],
  };
}

/** For who logged in as "new+label", and does not know the address yet. */
export function newAddressMail({
  address,
  label,
  now,
  messageId,
}: {
  address: string;
  label: string;
  now: UnixSeconds;
  messageId: string;
}): MailDraft {
  return {
    from: { name: 'Postern', address: toMailAddress('postmaster') },
    to: [{ name: label, address: toMailAddress(address) }],
    subject: `Your new address: ${label}`,
    date: now,
    messageId,
    fields: [['Auto-Submitted', 'auto-generated']],
    text: `By logging in as new+${label} you have made this Bitmessage address:

    ${toMailAddress(address)}

Enter it in your mail program as the e-mail address of this account. As user name both will do: it, and what
you have typed. The account shows the mail of this address alone, and sends from it.

If you did not mean to make one, delete it again:

    mailto:${CONTROL_ADDRESS}?subject=identity%20delete%20${address}
`,
    files: [],
  };
}
