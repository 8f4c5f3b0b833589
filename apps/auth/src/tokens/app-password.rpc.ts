import type { Database } from '@postern/database';
import { common } from '@postern/errors';
import { auth } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import type { TokenKeys } from './token.keys.ts';
import { tokensIn } from './token.repository.ts';

/** What the service needs. */
export type AppPasswordDeps = {
  readonly database: Pick<Database, 'read'>;
  readonly keys: Pick<TokenKeys, 'hashes'>;
  readonly clock: { now(): Date };
};

/** Says whose app password it is that a program presents. Nobody learns which half was wrong. */
export function createAppPasswordRpc({ database, keys, clock }: AppPasswordDeps): BoundService {
  return bind(auth.AppPasswordServiceDefinition, {
    findAppPassword: ({ username, key }, { context }) =>
      database.read(context, async (em) => {
        const tokens = tokensIn(em);
        const found = await tokens.findPresented(keys.hashes(key), 'app_password', clock.now());
        if (!found || (await tokens.ownerNameOf(found.pk)) !== username) throw common.NOT_FOUND();
        return { user: found.user, token: found.pk, identifier: found.identifier };
      }),
  });
}
