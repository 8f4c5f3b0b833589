import type { Database } from '@postern/database';
import { auth } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import { accountsIn } from '../accounts/index.ts';

/** What telling about the set-up needs. */
export type SetupRpcDeps = {
  readonly database: Pick<Database, 'read'>;
  /** User name of the default administrator. */
  readonly username: string;
  /** Where they choose their first password. */
  readonly pathOf: (tenant: string) => string;
};

/** Tells the process that runs the installation how far the set-up is: it prints the link. */
export function createSetupRpc({ database, username, pathOf }: SetupRpcDeps): BoundService {
  return bind(auth.SetupServiceDefinition, {
    getSetup: (_request, { context: { tenant } }) =>
      database.read({ tenant }, async (em) => {
        const accounts = accountsIn(em);
        const isOpen = (await accounts.findUnclaimed(username)) !== undefined;
        const isKnown = isOpen || (await accounts.isKnown(username));
        return { is_administrator_known: isKnown, ...(isOpen ? { path: pathOf(tenant) } : {}) };
      }),
  });
}
