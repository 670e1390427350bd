/** The languages that Postern speaks, and which of them somebody reads: by setting, environment or browser. Pure. */

export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

/** `auto`: as the environment says it to every program (POSIX, XBD 8.2), or the operating system where no variable does. */
export function chooseLanguage(setting: 'auto' | Language, environment: Readonly<Record<string, string | undefined>>): Language {
  if (setting !== 'auto') return setting;
  const { LC_ALL, LC_MESSAGES, LANG } = environment;
  const locale = LC_ALL || LC_MESSAGES || LANG || Intl.DateTimeFormat().resolvedOptions().locale;
  return languageOf(locale) ?? 'en';
}

/** The one that a browser prefers among ours (RFC 9110 §12.5.4), or undefined when it wants none of them. */
export function acceptedLanguage(header: string | undefined): Language | undefined {
  const wishes = (header ?? '').split(',').map((wish) => {
    const [tag, ...parameters] = wish.split(';').map((part) => part.trim());
    const [, quality = '1'] = /^q=([\d.]+)$/i.exec(parameters.at(-1) ?? '') ?? [];
    return { language: languageOf(tag), quality: Number(quality) };
  });
  const [best] = wishes.filter(({ language, quality }) => language !== undefined && quality > 0).sort((a, b) => b.quality - a.quality);
  return best?.language;
}

/** "de_AT.UTF-8", "de-CH" and "de" are German; "C" is none of ours. */
function languageOf(locale: string): Language | undefined {
  return LANGUAGES.find((language) => new RegExp(`^${language}(?![a-z])`, 'i').test(locale));
}
