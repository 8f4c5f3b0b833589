import { createContext, useContext } from 'react';
import { en } from './en.ts';

/** The sentences of the administration in one language. They come with it, and not with the pages that everybody opens. */
export type AdminMessages = typeof en;

const CATALOGUES: ReadonlyMap<string, () => Promise<AdminMessages>> = new Map([
  ['de', async () => (await import('./de.ts')).de],
]);

/** Fetches the catalogue of a language; English when there is none, or it does not come. */
export async function loadAdminMessages(language: string): Promise<AdminMessages> {
  return (await CATALOGUES.get(language)?.().catch(() => undefined)) ?? en;
}

export const AdminMessagesContext = createContext<AdminMessages>(en);

export function useWords(): AdminMessages {
  return useContext(AdminMessagesContext);
}

/** The name of a field: ours, else that of the OpenAPI document, else what its key says. */
type Named = { readonly name: string; readonly as?: string; readonly title?: string };

export function labelOf(field: Named, { fields }: AdminMessages): string {
  return found(fields, field.as ?? field.name) ?? field.title ?? humanised(field.name);
}

/** The name of a value of a choice. */
export function choiceLabel(value: string, { choices }: AdminMessages): string {
  return found(choices, value) ?? humanised(value);
}

function found(words: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(words, key) ? words[key] : undefined;
}

/** `login_failed` as `Login failed`. */
export function humanised(key: string): string {
  const text = key.replaceAll(/[_\-.]+/g, ' ').trim();
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}
