import type { Database, EntityManager, WriteScope } from '@postern/database';
import type { Context } from '@postern/rpc';

/** Does a caller's work in its transaction, with whatever has to be looked at before and after it. What it throws takes the work back. */
export type Guarding = <Result>(em: EntityManager, context: Context, work: () => Promise<Result>) => Promise<Result>;

/** Parameter of the query string by which somebody says that they know what they do. */
const OVERRIDE = 'override';

/**
 * The same database, with a guard around what callers of RPCs change: operations pass their call's context to `write`, so none of them can
 * forget it. What a service does for itself passes, and so does a change set: whoever commits it looks at all of it.
 */
export function guardWrites(db: Database, guarding: Guarding): Database {
  return {
    ...db,
    write: (scope, work) => {
      if (!isCall(scope) || scope.changeSet !== undefined) return db.write(scope, work);
      return db.write(scope, (em) => guarding(em, scope, () => work(em)));
    },
  };
}

function isCall(scope: WriteScope): scope is WriteScope & Context {
  return 'principal' in scope && 'client' in scope;
}

/**
 * Whether the caller asks for a change whatever it does: `?override=lockout`. A service never does, although the query of the browser it works
 * for travels with its calls.
 */
export function overrides(what: string, { principal, client }: Pick<Context, 'principal' | 'client'>): boolean {
  return principal.kind === 'user' && new URLSearchParams(client.query).getAll(OVERRIDE).includes(what);
}
