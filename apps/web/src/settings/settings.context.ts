import { createContext, useContext } from 'react';
import type { ApiClient } from '../api/api.client.ts';
import type { Person } from '../portal/portal.client.ts';

/** What every part of the settings may use. */
export type Settings = Person & {
  readonly api: ApiClient;
  /** Asks again who is signed in: leads to the sign-in when nobody is. */
  readonly refreshPerson: () => Promise<void>;
};

export const SettingsContext = createContext<Settings | undefined>(undefined);

export function useSettings(): Settings {
  const settings = useContext(SettingsContext);
  if (!settings) throw new Error('A part of the settings is shown outside of them.');
  return settings;
}
