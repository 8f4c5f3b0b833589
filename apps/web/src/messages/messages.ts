import { createContext, useContext } from 'react';
import { en } from './en/index.ts';

/** The sentences of one language. */
export type Messages = typeof en;

/** Every language but English, which is always there, is loaded when it is needed. */
const CATALOGUES: ReadonlyMap<string, () => Promise<Messages>> = new Map([
  ['de', async () => (await import('./de/index.ts')).de],
]);

/** Languages that the pages speak; discovery of `apps/providers` names them. */
export const LANGUAGES: readonly string[] = ['en', ...CATALOGUES.keys()];

/** The first of these locales that the pages speak, exactly or by its language; else English. */
export function languageFor(locales: readonly string[]): string {
  for (const locale of locales) {
    const name = locale.toLowerCase().replace('_', '-');
    const found = [name, name.split('-')[0] ?? ''].find((candidate) => LANGUAGES.includes(candidate));
    if (found !== undefined) return found;
  }
  return 'en';
}

/** Fetches the catalogue of a language; English when it does not come. */
export async function loadMessages(language: string): Promise<Messages> {
  return (await CATALOGUES.get(language)?.().catch(() => undefined)) ?? en;
}

export const MessagesContext = createContext<Messages>(en);

export function useMessages(): Messages {
  return useContext(MessagesContext);
}
