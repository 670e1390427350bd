/** Pure: the first mail in a new INBOX, which says how this works. */
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

To write to somebody, send a mail to BM-...@${MAIL_DOMAIN}. It waits in the folder Outbox while your
computer works for it, goes to Sent when it is on the network, and is marked $Delivered when the other
side has decrypted it. (A first try to your own address arrives here, and is $Delivered at once.) To stop a mail,
delete it from Outbox.

To write to everybody who reads your broadcasts, send a mail to broadcast@${MAIL_DOMAIN}.

To read somebody's broadcasts, make a folder under Subscriptions and name it after the address.
To join a chan, make a folder under Chans and name it after the passphrase. To leave, delete the folder.

What you can order by mail, with what there is to say in the subject (each of these opens a new mail; it goes
to this program only, and the answer comes at once):

    Help                 mailto:${CONTROL_ADDRESS}?subject=help
    How things stand     mailto:${CONTROL_ADDRESS}?subject=status
    Join a chan          mailto:${CONTROL_ADDRESS}?subject=join%20general
    Subscribe            mailto:${CONTROL_ADDRESS}?subject=subscribe%20BM-...
    Another address      mailto:${CONTROL_ADDRESS}?subject=new%20identity%20Work

Answering works as with any mail. Attachments travel too, up to about 250 kB.
Nothing of your mail program, your computer or your time zone leaves this machine.
`,
    files: [],
  };
}
