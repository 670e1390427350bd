/** Pure: the first mail in a new INBOX, which says how this works, and that of a new address. */
import type { UnixSeconds } from '../base/clock.js';
import type { MailDraft } from '../mime/compose-mail.js';
import type { Words } from '../words/words.js';
import { CONTROL_ADDRESS, MAIL_DOMAIN, toMailAddress } from './address.js';

interface Occasion {
  readonly address: string;
  readonly now: UnixSeconds;
  readonly messageId: string;
}

export function welcomeMail(occasion: Occasion, { mails: { welcome } }: Words): MailDraft {
  const text = welcome.text(toMailAddress(occasion.address), MAIL_DOMAIN, CONTROL_ADDRESS);
  return { ...head(occasion, ''), subject: welcome.subject, text, files: [] };
}

/** For who logged in as "new+label", and does not know the address yet. */
export function newAddressMail(occasion: Occasion, label: string, { mails: { newAddress } }: Words): MailDraft {
  const remove = `mailto:${CONTROL_ADDRESS}?subject=identity%20delete%20${occasion.address}`;
  const text = newAddress.text(label, toMailAddress(occasion.address), remove);
  return { ...head(occasion, label), subject: newAddress.subject(label), text, files: [] };
}

function head({ address, now, messageId }: Occasion, name: string): Pick<MailDraft, 'from' | 'to' | 'date' | 'messageId' | 'fields'> {
  return {
    from: { name: 'Postern', address: toMailAddress('postmaster') },
    to: [{ name, address: toMailAddress(address) }],
    date: now,
    messageId,
    fields: [['Auto-Submitted', 'auto-generated']],
  };
}
