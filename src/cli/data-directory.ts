/** Where the data lies when --data does not say: the place that the operating system has for it. */
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Pure but for the home directory: Linux and BSD follow the XDG base directory specification. */
export function defaultDataDirectory(platform: NodeJS.Platform, environment: NodeJS.ProcessEnv, home = homedir()): string {
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Postern');
  if (platform === 'win32') return join(environment.LOCALAPPDATA || join(home, 'AppData', 'Local'), 'Postern');
  // The specification: a relative path is invalid and ignored.
  const xdg = environment.XDG_DATA_HOME?.startsWith('/') ? environment.XDG_DATA_HOME : join(home, '.local', 'share');
  return join(xdg, 'postern');
}
