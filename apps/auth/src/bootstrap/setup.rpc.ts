import type { Database } from '@postern/database';
import { auth } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import { accountsIn } from '../accounts/index.ts';

/** What telling about the set-up needs. */
export type SetupRpcDeps = {
  readonly database: Pick<Database, 'read'>;
  /** UUID of the default administrator. */
  readonly adminOf: (tenant: string) => string;
  /** Where they choose their first password. */
  readonly pathOf: (tenant: string) => string;
};

/** Tells the process that runs the installation how far the set-up is: it prints the link. */
export function createSetupRpc({ database, adminOf, pathOf }: SetupRpcDeps): BoundService {
  return bind(auth.SetupServiceDefinition, {
    getSetup: (_request, { context: { tenant } }) =>
      database.read({ tenant }, async (em) => {
        const accounts = accountsIn(em);
        const admin = adminOf(tenant);
        const isOpen = (await accounts.findUnclaimed(admin)) !== undefined;
        const isKnown = isOpen || (await accounts.isKnown(admin));
        return { is_administrator_known: isKnown, ...(isOpen ? { path: pathOf(tenant) } : {}) };
      }),
  });
}
