/**
 * What a fresh installation hands out: the password and the API token of the default administrator, given by the operator, or else the
 * link by which they choose a password. Once given, nothing here touches them again.
 */

import { hkdfSync } from 'node:crypto';
import { type Database, DEFAULT_TENANT, type EntityManager, seedId } from '@postern/database';
import { type AccountFacts, accountsIn, type UserContext } from '../accounts/index.ts';
import { SETUP_FLOW, type Setup } from '../flows/index.ts';
import { type PasswordHasher, passwordsIn } from '../passwords/index.ts';
import type { TokenIssuer } from '../tokens/index.ts';
import { createSetupRpc } from './setup.rpc.ts';

/**
 * UUID of the administrator whom the directory gives a fresh tenant. Not their name: whoever took that name would get what is theirs.
 */
export function defaultAdmin(tenant: string): string {
  return seedId(tenant, 'authentik_core.user', 'akadmin');
}

/** Identifier of the token that the operator may give them. */
export const BOOTSTRAP_TOKEN = 'authentik-bootstrap-token';

/** What bootstrapping needs. */
export type BootstrapDeps = {
  readonly password: string | undefined;
  readonly token: string | undefined;
  readonly hasher: Pick<PasswordHasher, 'hash'>;
  readonly issue: TokenIssuer;
};

/**
 * Creates what gives the default administrator their credentials when the directory announces them. Only in the default tenant, which is
 * the operator's own: administrators of other tenants must not share a secret with them.
 */
export function createBootstrap({ password, token, hasher, issue }: BootstrapDeps) {
  return async (em: EntityManager, user: AccountFacts, context: UserContext): Promise<void> => {
    if (context.tenant !== DEFAULT_TENANT || user.uuid !== defaultAdmin(DEFAULT_TENANT)) return;
    if (password) await passwordsIn(em).store(user.pk, await hasher.hash(password), { firstOnly: true });
    if (token && !(await hasToken(em))) {
      const fixed = { identifier: BOOTSTRAP_TOKEN, intent: 'api', expiring: false, key: token };
      await issue(em, { ...fixed, user: user.pk }, context);
    }
  };
}

async function hasToken(em: EntityManager): Promise<boolean> {
  const rows = await em.execute<unknown[]>('select 1 from token where identifier = ?', [BOOTSTRAP_TOKEN]);
  return rows.length > 0;
}

/** What guards the set-up flow. */
export function createSetup({ database, secret }: { database: Pick<Database, 'read'>; secret: string }): Setup {
  return {
    admin: (tenant) => database.read({ tenant }, (em) => accountsIn(em).findUnclaimed(defaultAdmin(tenant))),
    token: (tenant) => setupToken(secret, tenant),
  };
}

/** Tells how far the set-up is. */
export function bindSetup({ database, secret }: { database: Pick<Database, 'read'>; secret: string }) {
  return createSetupRpc({ database, adminOf: defaultAdmin, pathOf: (tenant) => setupPath(secret, tenant) });
}

/**
 * Path of the page on which the default administrator of a tenant chooses their first password. It works until they have one.
 *
 * @param secret the installation's secret, the first one while it is being rotated
 */
export function setupPath(secret: string, tenant = DEFAULT_TENANT): string {
  return `/if/flow/${SETUP_FLOW}/?token=${setupToken(secret, tenant)}`;
}

/** Who has the secret can make the link, and nobody else; it need not be kept anywhere. */
function setupToken(secret: string, tenant: string): string {
  return Buffer.from(hkdfSync('sha256', secret, tenant, 'postern/auth/setup/v1', 24)).toString('base64url');
}
