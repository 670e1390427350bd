/** Where PyBitmessage keeps its data, if nobody has told it otherwise. Pure. */
import { join } from 'node:path';

/** As PyBitmessage's paths.py finds it. */
export function pybitmessagePlace(platform: NodeJS.Platform, environment: NodeJS.ProcessEnv, home: string): string {
  if (environment.BITMESSAGE_HOME) return environment.BITMESSAGE_HOME;
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'PyBitmessage');
  if (platform === 'win32') return join(environment.APPDATA || join(home, 'AppData', 'Roaming'), 'PyBitmessage');
  return join(environment.XDG_CONFIG_HOME || join(home, '.config'), 'PyBitmessage');
}
