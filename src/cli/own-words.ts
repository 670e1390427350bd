/** In which language this terminal is answered. */
import { type Config, ConfigError, loadConfig } from '../config.js';
import { chooseLanguage } from '../words/language.js';
import { WORDS, type Words } from '../words/words.js';
import { userFile } from './user-file.js';

/** As the settings say it. Where these cannot be read, the environment alone does: whoever reads why reads it in their language. */
export function ownWords(dataDirectory: string, environment: NodeJS.ProcessEnv): Words {
  return wordsOf(settingOf(dataDirectory, environment), environment);
}

export function wordsOf(setting: Config['texts']['language'], environment: NodeJS.ProcessEnv): Words {
  return WORDS[chooseLanguage(setting, environment)];
}

function settingOf(dataDirectory: string, environment: NodeJS.ProcessEnv): Config['texts']['language'] {
  try {
    return loadConfig({ environment, ...userFile(undefined, dataDirectory) }).texts.language;
  } catch (error) {
    if (error instanceof ConfigError) return 'auto';
    throw error;
  }
}
