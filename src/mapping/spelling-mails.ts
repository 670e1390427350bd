/** Pure: what the sender of a mail is told about an address that had lost its capital letters. */
import type { UnixSeconds } from '../base/clock.js';
import type { MailDraft, ReportDraft } from '../mime/compose-mail.js';
import type { Words } from '../words/words.js';
import { CONTROL_ADDRESS, toMailAddress } from './address.js';
import { mailWords } from './dsn.js';

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
  readonly words: Words;
}

export function draftFound(news: SpellingNews, address: string): MailDraft {
  const { found } = news.words.mails.spelling;
  return { ...head(news, found.subject(news.subject)), text: found.text(about(news), toMailAddress(address)), files: [] };
}

export function draftChoice(news: SpellingNews, candidates: readonly string[]): MailDraft {
  const { choice } = news.words.mails.spelling;
  const links = candidates.map((address) => `${toMailAddress(address)}\n  mailto:${CONTROL_ADDRESS}?subject=spelling%20${address}`);
  return { ...head(news, choice.subject(news.subject)), text: choice.text(about(news), links.join('\n\n')), files: [] };
}

/** RFC 3464: no address is written like that. */
export function draftUnknown(news: SpellingNews, { original, full }: Pick<ReportDraft, 'original' | 'full'>): ReportDraft {
  const { report, spelling } = news.words.mails;
  return {
    ...head(news, report.subjects.failed(news.subject)),
    text: spelling.unknown(about(news)),
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

function about({ subject, typed, words }: SpellingNews): string {
  return words.mails.spelling.about(mailWords(subject, words), typed);
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
