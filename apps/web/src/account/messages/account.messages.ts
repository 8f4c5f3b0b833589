import { createContext, useContext } from 'react';
import { en } from './en.ts';

/** The sentences of the pages of an account in one language. They come with these pages. */
export type AccountMessages = typeof en;

const CATALOGUES: ReadonlyMap<string, () => Promise<AccountMessages>> = new Map([
  ['de', async () => (await import('./de.ts')).de],
]);

/** Fetches the catalogue of a language; English when there is none, or it does not come. */
export async function loadAccountMessages(language: string): Promise<AccountMessages> {
  return (await CATALOGUES.get(language)?.().catch(() => undefined)) ?? en;
}

export const AccountMessagesContext = createContext<AccountMessages>(en);

export function useAccountWords(): AccountMessages {
  return useContext(AccountMessagesContext);
}
