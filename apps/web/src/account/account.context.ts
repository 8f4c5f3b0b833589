import { createContext, useContext } from 'react';
import type { Config } from './config.ts';
import type { Request } from './headless.client.ts';
import type { Who } from './who.ts';

/** What every page of an account may use. */
export type Account = {
  readonly config: Config;
  readonly who: Who;
  /** Asks the API; where it wants to know once more who this is, the person is asked, and then the API again. */
  readonly request: Request;
  /** Opens another page of these. */
  readonly go: (href: string) => void;
  /** Where to go on after signing in; undefined for home. */
  readonly next: string | undefined;
};

export const AccountContext = createContext<Account | undefined>(undefined);

export function useAccount(): Account {
  const account = useContext(AccountContext);
  if (!account) throw new Error('A page of an account is shown outside of it.');
  return account;
}
