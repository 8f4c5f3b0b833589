import type { StageVisit } from '../plans/index.ts';
import type { StageAccount, StageAccounts } from './stage.ports.ts';

/** For whom a stage sets something up: who is signing in or signed in; undefined for nobody, and for a name that nobody has. */
export async function deviceOwner(
  accounts: Pick<StageAccounts, 'findByPk'>,
  { context: { pending_user }, request }: Pick<StageVisit<unknown>, 'context' | 'request'>,
): Promise<StageAccount | undefined> {
  const pk = pending_user === undefined ? request.requester?.pk : pkOf(pending_user);
  return pk === undefined ? undefined : accounts.findByPk(request.tenant, pk);
}

function pkOf(user: { kind: 'account'; pk: number } | { kind: 'unknown' }): number | undefined {
  return user.kind === 'account' ? user.pk : undefined;
}
