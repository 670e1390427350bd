/** What this server says it can do. A name stands here only when all of its RFC is served. */

export interface LineFacts {
  readonly loggedIn: boolean;
  readonly secure: boolean;
  readonly compressed: boolean;
  /** SASL mechanisms; none where a password must not cross the line. */
  readonly mechanisms: readonly string[];
  readonly canStartTls: boolean;
}

/** Usable before and after login. */
const ALWAYS = ['IMAP4rev1', 'IMAP4rev2', 'LITERAL+', 'SASL-IR', 'ID', 'ENABLE'];

const AFTER_LOGIN = [
  'APPENDLIMIT',
  'BINARY',
  'CATENATE',
  'CHILDREN',
  'CONDSTORE',
  'CONTEXT=SEARCH',
  'CONTEXT=SORT',
  'CREATE-SPECIAL-USE',
  'ESEARCH',
  'ESORT',
  'I18NLEVEL=1',
  'IDLE',
  'INPROGRESS',
  'LIST-EXTENDED',
  'LIST-STATUS',
  'METADATA',
  'MOVE',
  'MULTIAPPEND',
  'MULTISEARCH',
  'NAMESPACE',
  'NOTIFY',
  'OBJECTID',
  'PARTIAL',
  'PREVIEW',
  'QRESYNC',
  'QUOTA',
  'QUOTA=RES-MESSAGE',
  'QUOTA=RES-STORAGE',
  'REPLACE',
  'SAVEDATE',
  'SEARCHRES',
  'SORT',
  'SORT=DISPLAY',
  'SPECIAL-USE',
  'STATUS=SIZE',
  'THREAD=ORDEREDSUBJECT',
  'THREAD=REFERENCES',
  'THREAD=REFS',
  'UIDONLY',
  'UIDPLUS',
  'UNSELECT',
  'URL-PARTIAL',
  'UTF8=ACCEPT',
  'WITHIN',
];

export function capabilities(line: LineFacts): string[] {
  if (line.loggedIn) {
    const names = [...ALWAYS, ...AFTER_LOGIN];
    return line.compressed ? names : [...names, 'COMPRESS=DEFLATE'];
  }
  const names = [...ALWAYS];
  if (line.canStartTls && !line.secure) names.push('STARTTLS');
  if (line.mechanisms.length === 0) return [...names, 'LOGINDISABLED'];
  return [...names, ...line.mechanisms.map((mechanism) => `AUTH=${mechanism}`)];
}
