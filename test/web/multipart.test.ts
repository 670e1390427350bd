/** Forms with a file, cut in every way that they can come in. */
import assert from 'node:assert/strict';
import { boundaryOf, Cut, readUpload } from '../../src/web/multipart.js';
import { limited } from '../../src/web/uploads.js';

const FILE = 'From a\r\n\r\n--x not the end\r\n--xy\r\r\n';
const BODY = `--xyz\r\nContent-Disposition: form-data; name="form"\r\n\r\ntöken\r\n--xyz\r\nContent-Disposition: form-data; name="path"; filename="C:\\mail\\old.mbox"\r\nContent-Type: application/octet-stream\r\n\r\n${FILE}\r\n--xyz--\r\n`;

async function* inPieces(text: string, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(text: string, size: number): Promise<[URLSearchParams, string, string] | undefined> {
  const upload = await readUpload(inPieces(text, size), 'xyz');
  if (upload === undefined) return undefined;
  const chunks: Buffer[] = [];
  for await (const chunk of upload.file) chunks.push(Buffer.from(chunk));
  return [upload.fields, upload.fileName, Buffer.concat(chunks).toString()];
}

it('a file of a form is cut at 256 MB', async () => {
  const megabyte = Buffer.alloc(1_000_000);
  async function* file(megabytes: number): AsyncGenerator<Buffer> {
    for (let i = 0; i < megabytes; i++) yield megabyte;
  }
  const count = async (megabytes: number): Promise<number> => {
    let chunks = 0;
    for await (const _ of limited(file(megabytes))) chunks++;
    return chunks;
  };
  assert.equal(await count(256), 256);
  await assert.rejects(count(257), /256.0 MB at most/);
});

describe('a form with a file', () => {
  for (const size of [1, 2, 7, 64, 10_000])
    it(`is read in pieces of ${size}`, async () => {
      const [fields, name, file] = (await read(BODY, size))!;
      assert.deepEqual([fields.get('form'), name, file], ['töken', 'old.mbox', FILE]);
    });

  it('is known to be cut, wherever it ends', async () => {
    const end = BODY.indexOf('\r\n--xyz--') + '\r\n--xyz'.length;
    for (let length = 0; length < end; length++) await assert.rejects(read(BODY.slice(0, length), 1000), Cut, String(length));
    assert.notEqual(await read(BODY.slice(0, end), 1000), undefined);
  });

  for (const [what, text] of [
    ['another boundary', BODY.replace('--xyz', '--abc')],
    ['no name', BODY.replace('name="form"', '')],
    ['a field without end', BODY.replace('töken', 'x'.repeat(70_000))],
    ['a head without end', BODY.replace('Content-Type', `${'X'.repeat(70_000)}`)],
    [
      'more fields than a form has',
      BODY.replace(/^--xyz/, `${'--xyz\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n'.repeat(60)}--xyz`),
    ],
  ] as const)
    it(`is none with ${what}`, async () => assert.equal(await read(text, 1000), undefined));

  for (const [type, boundary] of [
    ['multipart/form-data; boundary=----WebKitFormBoundaryA1', '----WebKitFormBoundaryA1'],
    ['multipart/form-data; boundary="a b"', 'a b'],
    ['application/x-www-form-urlencoded', undefined],
    [undefined, undefined],
  ] as const)
    it(`has the boundary ${boundary} of ${type}`, () => assert.equal(boundaryOf(type), boundary));
});
