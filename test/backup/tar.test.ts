import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTar, TarError, type TarFile, writeTar } from '../../src/backup/tar.js';

const FILES: readonly (readonly [string, string])[] = [
  ['a.txt', 'hello'],
  ['empty', ''],
  ['folder/block', 'x'.repeat(512)],
  ['folder/ö', 'y'.repeat(1025)],
];

async function* inChunks(bytes: Buffer, length: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += length) yield bytes.subarray(start, start + length);
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}

async function* files(): AsyncGenerator<TarFile> {
  for (const [name, text] of FILES) yield { name, size: Buffer.byteLength(text), body: inChunks(Buffer.from(text), 100) };
}

async function read(bytes: Buffer, chunk = 1000): Promise<[string, string][]> {
  const found: [string, string][] = [];
  for await (const { name, body } of readTar(inChunks(bytes, chunk))) found.push([name, (await collect(body)).toString()]);
  return found;
}

describe('tar', () => {
  let tar: Buffer;
  before(async () => (tar = await collect(writeTar(files(), 1_795_307_500))));

  for (const chunk of [1, 7, 512, 100_000])
    it(`reads what it wrote, in chunks of ${chunk}`, async () => assert.deepEqual(await read(tar, chunk), FILES));

  it('is taken apart by another tar, and takes apart what another tar made', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'postern-tar-'));
    try {
      writeFileSync(join(directory, 'x.tar'), tar);
      execFileSync('tar', ['-xf', 'x.tar'], { cwd: directory });
      for (const [name, text] of FILES) assert.equal(readFileSync(join(directory, name), 'utf8'), text);
      execFileSync('tar', ['--format=ustar', '-cf', 'y.tar', 'a.txt', 'empty'], { cwd: directory });
      assert.deepEqual(await read(readFileSync(join(directory, 'y.tar'))), FILES.slice(0, 2));
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('passes over bodies that nobody reads', async () => {
    const names: string[] = [];
    for await (const { name } of readTar(inChunks(tar, 100))) names.push(name);
    assert.deepEqual(
      names,
      FILES.map(([name]) => name),
    );
  });

  it('tells of a stream that is cut anywhere', async () => {
    for (let end = 0; end < tar.length - 1024; end += 97) await assert.rejects(read(tar.subarray(0, end)), TarError, String(end));
  });

  it('refuses what is no tar, and what is no file in one', async () => {
    await assert.rejects(read(Buffer.alloc(2048, 'x')), TarError);
    const link = Buffer.from(tar);
    link[156] = '2'.charCodeAt(0);
    link.write(`${(Number.parseInt(link.toString('latin1', 148, 154), 8) + 2).toString(8).padStart(6, '0')}\0 `, 148);
    await assert.rejects(read(link), /no file \(type 2\)/);
  });

  it('does not write a body of another size', async () => {
    const wrong = async function* (): AsyncGenerator<TarFile> {
      yield { name: 'a', size: 2, body: inChunks(Buffer.from('x'), 1) };
    };
    await assert.rejects(collect(writeTar(wrong(), 0)), RangeError);
  });
});
