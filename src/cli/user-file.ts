/** The owner's config.toml, as a source of settings. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, type ConfigSources } from '../config.js';

/** @param name the file of --config; otherwise the one in the data directory, if there is one. @throws ConfigError */
export function userFile(name: string | undefined, dataDirectory: string): ConfigSources {
  const path = name ?? join(dataDirectory, 'config.toml');
  try {
    return { file: { name: path, text: readFileSync(path, 'utf8') } };
  } catch (error) {
    // None there, or no directory: what is wrong with that is for the gateway to say.
    if (name === undefined && ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return {};
    throw new ConfigError(({ settings }) => settings.notReadable(path, (error as Error).message), { cause: error });
  }
}
