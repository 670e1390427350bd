/** What this server says it can do. A name stands here only when all of its RFC is served. */

export interface LineFacts {
  readonly loggedIn: boolean;
  readonly secure: boolean;
  readonly compressed: boolean;
  /** SASL mechanisms; none where a password must not cross the line. */
  readonly mechanisms: readonly string[];
  readonly canStartTls: boolean;
  readonly maxMessageBytes: number;
}

/** Usable before and after login. */
const ALWAYS = ['IMAP4rev1', 'IMAP4rev2', 'LITERAL+', 'SASL-IR', 'ID', 'ENABLE'];

const AFTER_LOGIN = [
  'BINARY',
  'CHILDREN',
  'CONDSTORE',
  'CREATE-SPECIAL-USE',
  'ESEARCH',
  'IDLE',
  'LIST-EXTENDED',
  'LIST-STATUS',
  'MOVE',
  'MULTIAPPEND',
  'NAMESPACE',
  'OBJECTID',
  'QRESYNC',
  'SAVEDATE',
  'SEARCHRES',
  'SPECIAL-USE',
  'STATUS=SIZE',
  'UIDPLUS',
  'UNSELECT',
  'UTF8=ACCEPT',
  'WITHIN',
];

export function capabilities(line: LineFacts): string[] {
  if (line.loggedIn) {
    const names = [...ALWAYS, ...AFTER_LOGIN, `APPENDLIMIT=${line.maxMessageBytes}`];
    return line.compressed ? names : [...names, 'COMPRESS=DEFLATE'];
  }
  const names = [...ALWAYS];
  if (line.canStartTls && !line.secure) names.push('STARTTLS');
  if (line.mechanisms.length === 0) return [...names, 'LOGINDISABLED'];
  return [...names, ...line.mechanisms.map((mechanism) => `AUTH=${mechanism}`)];
}
