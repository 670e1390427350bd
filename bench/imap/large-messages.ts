/** Mails of the largest size that a folder takes, each difficult in its own way. */

const MAX_BYTES = 36 * 2 ** 20;
const LARGE_BYTES = 20 * 2 ** 20;
const PARTS = 10_000;
const LINE = 'The quick brown fox jumps over the lazy dog, and then once more =E4 for the umlauts.\r\n';

/** Made when they are wanted: they are large. */
export const LARGE_MAILS: readonly [name: string, make: () => Buffer][] = [
  ['attachment', attachment],
  ['parts', parts],
  ['header', header],
  ['line', () => plain('A line without end: '.repeat(LARGE_BYTES / 20), '7bit')],
  ['text', () => plain(LINE.repeat(Math.floor((MAX_BYTES - 1000) / LINE.length)), 'quoted-printable')],
];

function attachment(): Buffer {
  const line = `${Buffer.alloc(57, 'postern').toString('base64')}\r\n`;
  return mail('multipart/mixed; boundary=b', [
    '--b\r\nContent-Type: text/plain\r\n\r\nSee the file.\r\n',
    '--b\r\nContent-Type: application/zip; name=film.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n',
    line.repeat(Math.floor((MAX_BYTES - 1000) / line.length)),
    '--b--\r\n',
  ]);
}

function parts(): Buffer {
  const body = 'x'.repeat(76);
  const part = (index: number): string =>
    `--b\r\nContent-Type: text/plain; charset=utf-8; name="part ${index}.txt"\r\nContent-Disposition: attachment; filename="part ${index}.txt"\r\n\r\n${`${body}\r\n`.repeat(40)}`;
  return mail('multipart/mixed; boundary=b', [...Array.from({ length: PARTS }, (_, index) => part(index)), '--b--\r\n']);
}

function header(): Buffer {
  const field = `X-Filler: ${'f'.repeat(66)}\r\n`;
  return Buffer.from(`Subject: large\r\nFrom: a@example.org\r\n${field.repeat(LARGE_BYTES / field.length)}\r\nShort text.\r\n`, 'latin1');
}

function plain(text: string, encoding: string): Buffer {
  return mail(`text/plain; charset=utf-8\r\nContent-Transfer-Encoding: ${encoding}`, [text, '\r\n']);
}

function mail(contentType: string, body: readonly string[]): Buffer {
  const fields = ['Subject: large', 'From: a@example.org', 'To: b@example.org', 'Message-ID: <large@example.org>', 'MIME-Version: 1.0'];
  return Buffer.from(`${fields.join('\r\n')}\r\nContent-Type: ${contentType}\r\n\r\n${body.join('')}`, 'latin1');
}
