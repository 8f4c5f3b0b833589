import { expect, it } from 'vitest';
import { loadAccountMessages } from '../account/messages/account.messages.ts';
import { loadAdminMessages } from '../admin/messages/admin.messages.ts';
import { en } from './en/index.ts';
import { LANGUAGES, languageFor, loadMessages, type Messages } from './messages.ts';

/** Each sentence by its path. A sentence with placeholders is what it makes of them, and of none. */
function sentencesOf(catalogue: object, path = ''): Map<string, string> {
  const sentences = new Map<string, string>();
  for (const [key, value] of Object.entries(catalogue)) {
    const at = `${path}${key}`;
    if (typeof value === 'string') sentences.set(at, value);
    else if (typeof value === 'function') {
      const names = Array.from({ length: value.length }, (_, index) => `«${index}»`);
      sentences.set(at, String(value(...names)));
      sentences.set(`${at} without`, String(value(...names.map(() => ''))));
    } else for (const entry of sentencesOf(value, `${at} > `)) sentences.set(...entry);
  }
  return sentences;
}

const placeholdersIn = (sentence: string) => [...sentence.matchAll(/«\d»/g)].map(([name]) => name).toSorted();

const CATALOGUES = LANGUAGES.flatMap((language) => [
  { language, name: 'pages', load: async (of: string): Promise<object> => loadMessages(of) },
  { language, name: 'account', load: async (of: string): Promise<object> => loadAccountMessages(of) },
  { language, name: 'administration', load: async (of: string): Promise<object> => loadAdminMessages(of) },
]);

it.each(CATALOGUES)('$language has every sentence of the $name, with the same placeholders', async (catalogue) => {
  const { load, language } = catalogue;
  const [english, theirs] = [sentencesOf(await load('en')), sentencesOf(await load(language))];
  expect([...theirs.keys()].toSorted()).toEqual([...english.keys()].toSorted());
  for (const [path, sentence] of theirs) {
    expect(sentence.trim(), path).not.toBe('');
    expect(placeholdersIn(sentence), path).toEqual(placeholdersIn(english.get(path) ?? ''));
  }
});

it('says hardly anything in German as in English', async () => {
  const [english, german] = [sentencesOf(en), sentencesOf(await loadMessages('de'))];
  const same = [...german].filter(([path, sentence]) => english.get(path) === sentence).map(([path]) => path);
  expect(same.toSorted()).toEqual(['codeLabel', 'deviceClasses > duo > title', 'deviceCode']);
});

it('keeps the sections of a catalogue apart: no key is in two of them', async () => {
  const sections = await Promise.all([
    import('./en/page.ts'),
    import('./en/stages.ts'),
    import('./en/authenticators.ts'),
    import('./en/portal.ts'),
    import('./en/settings.ts'),
  ]);
  const keys = sections.flatMap((section) => Object.values(section).flatMap((sentences) => Object.keys(sentences)));
  expect(new Set(keys).size).toBe(keys.length);
});

it('takes the first language that it speaks, and English for none', () => {
  expect(languageFor(['fr-FR', 'de-AT', 'en'])).toBe('de');
  expect(languageFor(['de_CH'])).toBe('de');
  for (const locales of [[], ['constructor'], ['en-GB'], ['']]) expect(languageFor(locales)).toBe('en');
});

it('falls back to English for a language that does not come', async () => {
  expect(await loadMessages('tlh')).toBe<Messages>(en);
});
