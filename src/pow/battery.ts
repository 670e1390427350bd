/** Whether the computer runs on its battery. */
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const POWER_SUPPLIES = '/sys/class/power_supply';
/** It answers in a few milliseconds. */
const PMSET_TIMEOUT_MS = 5000;

/** Null where the system does not say. @param directory Linux's sysfs, or a test's */
export async function isOnBattery(platform: NodeJS.Platform = process.platform, directory = POWER_SUPPLIES): Promise<boolean | null> {
  try {
    if (platform === 'linux') return await linuxSays(directory);
    if (platform === 'darwin') return await macSays();
  } catch {
    // No such directory, or no such program: a system that does not say.
  }
  return null;
}

/** The kernel's sysfs-class-power: a battery that discharges while nothing else feeds the machine. The battery of a mouse does not count. */
async function linuxSays(directory: string): Promise<boolean> {
  const supplies = await Promise.all(
    (await readdir(directory)).map(async (name) => {
      const read = (file: string): Promise<string> =>
        readFile(join(directory, name, file), 'latin1').then(
          (text) => text.trim(),
          () => '',
        );
      const [type, scope, status, online] = await Promise.all(['type', 'scope', 'status', 'online'].map(read));
      return { type, scope, status, online };
    }),
  );
  const ours = supplies.filter(({ scope }) => scope !== 'Device');
  const isFed = ours.some(({ type, online }) => type !== 'Battery' && online === '1');
  return !isFed && ours.some(({ type, status }) => type === 'Battery' && status === 'Discharging');
}

async function macSays(): Promise<boolean> {
  const { stdout } = await promisify(execFile)('pmset', ['-g', 'batt'], { timeout: PMSET_TIMEOUT_MS });
  return stdout.includes("'Battery Power'");
}
