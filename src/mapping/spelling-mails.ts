/** Pure: what the sender of a mail is told about an address that had lost its capital letters. */
import type { UnixSeconds } from '../base/clock.js';
import type { MailDraft, ReportDraft } from '../mime/compose-mail.js';
import { CONTROL_ADDRESS, toMailAddress } from './address.js';

export interface SpellingNews {
  /** Whose mail it is. */
  readonly identity: string;
  readonly subject: string;
  /** Its Message-ID. */
  readonly answered: string;
  /** Of what is written here. */
  readonly messageId: string;
  readonly now: UnixSeconds;
  /** The recipient as it stood in the envelope. */
  readonly typed: string;
}

export function draftFound(news: SpellingNews, address: string): MailDraft {
  return {
    ...head(news, `Address found: ${news.subject}`),
    text: `${about(news)}\n\nThe check digits tell which address it is, and your mail is being sent to\n\n${toMailAddress(address)}\n\nPlease correct it in your address book: capital letters count in an address.\n`,
    files: [],
  };
}

export function draftChoice(news: SpellingNews, candidates: readonly string[]): MailDraft {
  const links = candidates.map((address) => `${toMailAddress(address)}\n  mailto:${CONTROL_ADDRESS}?subject=spelling%20${address}`);
  return {
    ...head(news, `Which address? ${news.subject}`),
    text: `${about(news)}\n\nIts check digits fit more than one address, of which only one can be real. The network is being asked for the key of each; the one that has a key gets your mail, and you need do nothing. If you know which it is, send the mail that stands below it:\n\n${links.join('\n\n')}\n`,
    files: [],
  };
}

/** RFC 3464: no address is written like that. */
export function draftUnknown(news: SpellingNews, { original, full }: Pick<ReportDraft, 'original' | 'full'>): ReportDraft {
  return {
    ...head(news, `Not delivered: ${news.subject}`),
    text: `${about(news)}\n\nWhatever its capital letters were, its check digits do not fit: it is mistyped. Please copy the address again, as it is, and send the mail once more.\n`,
    status: [
      [['Reporting-MTA', 'dns; localhost']],
      [
        ['Final-Recipient', `rfc822; ${news.typed}`],
        ['Action', 'failed'],
        ['Status', '5.1.1'],
      ],
    ],
    original,
    full,
  };
}

function about({ subject, typed }: SpellingNews): string {
  return `${subject === '' ? 'Your mail' : `Your mail "${subject}"`} is addressed to\n\n${typed}\n\nwhich has lost its capital letters.`;
}

function head({ identity, now, messageId, answered }: SpellingNews, subject: string): Omit<MailDraft, 'text' | 'files'> {
  return {
    from: { name: 'Postern', address: toMailAddress('postmaster') },
    to: [{ name: '', address: toMailAddress(identity) }],
    subject,
    date: now,
    messageId,
    inReplyTo: answered,
    references: answered,
    fields: [['Auto-Submitted', 'auto-replied']],
  };
}
