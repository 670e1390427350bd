/** What a client gets that does not keep to the grammar, or says something in the wrong state. */

/** "BAD message". */
export class ImapBad extends Error {
  override readonly name = 'ImapBad';

  /** @param code an RFC 5530 / RFC 9051 response code without brackets, or '' for none */
  constructor(
    message: string,
    readonly code = '',
  ) {
    super(message);
  }
}
