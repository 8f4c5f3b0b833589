const LOCALES = ['cs', 'de', 'en', 'es', 'fr', 'it', 'ja', 'ko', 'nl', 'pl', 'pt', 'ru', 'tr', 'zh-Hans', 'zh-Hant'];

/** Languages that a person may prefer, each by its own name; the empty value leaves the choice to the browser. */
export function localeChoices(automatic: string): readonly { value: string; label: string }[] {
  const named = LOCALES.map((value) => ({ value, label: nameOf(value) }));
  return [{ value: '', label: automatic }, ...named];
}

function nameOf(locale: string): string {
  const name = new Intl.DisplayNames([locale], { type: 'language' }).of(locale) ?? locale;
  return name.charAt(0).toLocaleUpperCase(locale) + name.slice(1);
}
