/** The header fields that mail programs ask of every message of a folder: kept apart where servers on the way have made headers long. Pure. */
import { chooseFields, FieldNames } from './header-fields.js';

/**
 * What Thunderbird, mutt, K-9, Apple Mail, Outlook, Roundcube, Gnus, Evolution, mbsync and imapsync ask for, but for those that are long
 * themselves. A name more needs a step of the schema that forgets what was kept without it.
 */
const LISTED = `
  Bcc Cc Chat-Version Content-Description Content-Disposition Content-Transfer-Encoding Content-Type Date Delivered-To
  Disposition-Notification-To Envelope-To Followup-To From Importance In-Reply-To Lines List-Archive List-Help List-Id List-Owner List-Post
  List-Subscribe List-Unsubscribe List-Unsubscribe-Post Mail-Followup-To Mail-Reply-To Message-ID MIME-Version Newsgroups Organization
  Precedence Priority References Reply-To Resent-Date Resent-From Resent-Message-ID Resent-To Return-Path Sender Status Subject To User-Agent
  X-Draft-Info X-Identity-Key X-K9mail-Identity X-Label X-Mailer X-Mozilla-Draft-Info X-Mozilla-Keys X-Mozilla-Status X-MSMail-Priority
  X-Original-To X-Priority X-Spam-Flag X-Status X-TUID X-Uniform-Type-Identifier X-Universally-Unique-Identifier Xref`;
const NAMES = LISTED.trim().split(/\s+/);
const LOWER_NAMES: ReadonlySet<string> = new Set(NAMES.map((name) => name.toLowerCase()));
const FIELD_NAMES = new FieldNames(NAMES);

/** Shorter headers are read as they are. */
const LONG_HEADER_BYTES = 2_000;
/** What is kept has to be this much shorter. */
const WORTHWHILE = 2;

/** Of a long header these fields, as a header; null where that would be no gain. */
export function listedFields(header: Buffer): Buffer | null {
  if (header.length < LONG_HEADER_BYTES) return null;
  const listed = chooseFields(header, FIELD_NAMES);
  return listed.length * WORTHWHILE <= header.length ? listed : null;
}

/** Whether they hold all that there is of these. */
export function areListed(names: readonly string[]): boolean {
  return names.every((name) => LOWER_NAMES.has(name.toLowerCase()));
}
