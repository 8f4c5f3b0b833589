import type { Database } from '@postern/database';
import { auth } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import type { SignInWalk } from './sign-in.walk.ts';

/** Serves the services whose changes could lock everybody out. */
export function createSignInGuardRpc(deps: {
  readonly database: Pick<Database, 'read'>;
  readonly walk: SignInWalk;
}): BoundService {
  const { database, walk } = deps;
  return bind(auth.SignInGuardServiceDefinition, {
    checkSignIn: ({ administrators = { administrators: [] } }, { context }) =>
      database.read(context, (em) => walk(em, context.tenant, administrators)),
  });
}
