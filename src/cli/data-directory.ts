/** Where the data lies when --data does not say: the place that the operating system has for it. */

import { accessSync, constants, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Saying } from '../words/words.js';

/** Pure but for the home directory: Linux and BSD follow the XDG base directory specification. */
export function defaultDataDirectory(platform: NodeJS.Platform, environment: NodeJS.ProcessEnv, home = homedir()): string {
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Postern');
  if (platform === 'win32') return join(environment.LOCALAPPDATA || join(home, 'AppData', 'Local'), 'Postern');
  // The specification: a relative path is invalid and ignored.
  const xdg = environment.XDG_DATA_HOME?.startsWith('/') ? environment.XDG_DATA_HOME : join(home, '.local', 'share');
  return join(xdg, 'postern');
}

/** Why this user cannot have a data directory there; undefined when it is fine, or not there yet. */
export function directoryProblem(path: string): Saying | undefined {
  try {
    const { uid } = statSync(path);
    if (!statSync(path).isDirectory()) return ({ commandLine }) => commandLine.isFile;
    try {
      accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
    } catch {
      const isForeign = process.getuid !== undefined && process.getuid() !== uid;
      return ({ commandLine }) => (isForeign ? commandLine.isForeign : commandLine.notWritable);
    }
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EACCES') return ({ commandLine }) => commandLine.notReachable;
    // Where a file stands in the way, or nothing is there yet, the gateway makes what is missing or says why not.
    return undefined;
  }
}
