/** What a mail program's settings are made of, and the shape in which they are handed out. */
import { isLoopback } from '../../config.js';
import { MAIL_DOMAIN } from '../../mapping/address.js';
import type { Words } from '../../words/words.js';
import type { MailPorts } from '../operation.js';

export interface SetupAccount {
  readonly imap: MailPorts;
  readonly smtp: MailPorts;
  /** Of the combined login, or "BM-…@bitmessage". */
  readonly user: string;
  /** Null when it was taken out of login.json: then it stands as PASSWORD in the settings. */
  readonly password: string | null;
  /** "BM-…@bitmessage" */
  readonly address: string;
  /** The identity's label. */
  readonly label: string;
  readonly caPath: string;
  /** PEM. */
  readonly ca: string;
  /** SHA-256 of the server's certificate. */
  readonly fingerprint: string;
  /** In the language of whoever reads the settings. */
  readonly words: Words;
}

export interface SetupFile {
  /** Where the program looks for it, or its place below the directory that is written. */
  readonly name: string;
  readonly text: string;
}

export interface Setup {
  readonly client: string;
  /** One line for people. */
  readonly hint: string;
  readonly files: readonly SetupFile[];
  /** The files belong together, and are written below one directory. */
  readonly isDirectory?: boolean;
  /** What to type once the directory is written. */
  opensWith?(directory: string, platform: NodeJS.Platform): string;
}

/** "BM-…@bitmessage" */
export function mailAddress(address: string): string {
  return `${address}@${MAIL_DOMAIN}`;
}

/** Many programs look for a name in the certificate, and it names localhost first. */
export function serverName(host: string): string {
  return isLoopback(host) || host === '0.0.0.0' || host === '::' ? 'localhost' : host;
}

export function passwordOf({ password }: SetupAccount): string {
  return password ?? 'PASSWORD';
}

/** In double quotes, with what they would give a meaning escaped. */
export function quoted(text: string): string {
  return `"${text.replace(/[\\"$`]/g, '\\$&')}"`;
}

export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
