/** For tests of encrypted mail: whether it can be had here, and turning a directory by the command, as a person does. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { missingForSealed } from '../../src/store/sealed-driver.js';
import { type Finished, MAIN } from './gateway-rig.js';

/** For a describe(): without the driver, or on an older Node.js, its tests are skipped, and say why. */
export function needsSealedDriver(): void {
  before(function () {
    const missing = missingForSealed();
    if (missing === null) return;
    this.test!.parent!.title += ` (${missing.message})`;
    this.skip();
  });
}

/** Runs `postern …` with a passphrase on its standard input; killed after a time, if one is given. */
export async function ask(
  words: readonly string[],
  dataDirectory: string,
  passphrase: string,
  killAfterMs?: number,
): Promise<Finished & { readonly milliseconds: number }> {
  const begin = performance.now();
  const child = spawn(process.execPath, [MAIN, ...words, '--data', dataDirectory], { stdio: ['pipe', 'pipe', 'pipe'] });
  const killer = killAfterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
  child.stdin.on('error', () => {});
  child.stdin.end(`${passphrase}\n`);
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(killer);
  return { ...output, code, milliseconds: performance.now() - begin };
}

/** The files of a directory that hold these bytes anywhere. */
export function filesWith(directory: string, text: string | Buffer): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && readFileSync(join(entry.parentPath, entry.name)).includes(text))
    .map(({ name }) => name);
}
