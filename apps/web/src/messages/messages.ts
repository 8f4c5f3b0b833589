import { createContext, useContext } from 'react';
import { en } from './en.ts';

/** The sentences of one language. */
export type Messages = typeof en;

const languages: Readonly<Record<string, Messages>> = { en };

/** The language that fits best: the exact locale, then its language, then English. */
export function languageFor(locale: string): string {
  const candidates = [locale.toLowerCase(), locale.toLowerCase().split(/[-_]/)[0] ?? ''];
  return candidates.find((candidate) => Object.hasOwn(languages, candidate)) ?? 'en';
}

export function messagesFor(language: string): Messages {
  return languages[language] ?? en;
}

export const MessagesContext = createContext<Messages>(en);

export function useMessages(): Messages {
  return useContext(MessagesContext);
}
