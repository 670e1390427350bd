/** Opening the ports of a section of the settings. */
import type { Config } from '../config.js';
import { portRefusal } from './start-error.js';

/** @throws StartError that names the setting to change, where that helps */
export async function listen<T>(
  config: Config,
  section: 'network' | 'imap' | 'smtp' | 'carddav' | 'web',
  open: () => Promise<T>,
): Promise<T> {
  try {
    return await open();
  } catch (error) {
    throw portRefusal(error as NodeJS.ErrnoException, section, config[section]) ?? error;
  }
}
