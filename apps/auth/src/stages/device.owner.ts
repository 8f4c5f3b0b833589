import type { StageVisit } from '../plans/index.ts';
import type { StageAccount, StageAccounts } from './stage.ports.ts';

type Visit = Pick<StageVisit<unknown>, 'context' | 'request'>;

/** For whom a stage sets something up: who is signing in or signed in; undefined for nobody, and for a name that nobody has. */
export async function deviceOwner(
  accounts: Pick<StageAccounts, 'findByPk'>,
  { context: { pending_user }, request }: Visit,
): Promise<StageAccount | undefined> {
  const pk = pending_user === undefined ? request.requester?.pk : pkOf(pending_user);
  return pk === undefined ? undefined : accounts.findByPk(request.tenant, pk);
}

/**
 * `deviceOwner`, if they have proved who they are: by being signed in, in this plan, by a link that was sent to them, or by a source. Whoever
 * only typed a name sets up nothing for it: it would be theirs to sign in with.
 */
export async function provedOwner(
  accounts: Pick<StageAccounts, 'findByPk'>,
  visit: Visit,
): Promise<StageAccount | undefined> {
  return isProved(visit) ? deviceOwner(accounts, visit) : undefined;
}

/**
 * Whether a stage acts for whom its plan is about although nobody proved to be them. Flows may sign people in by their name alone, and let them
 * write to their account; whoever may do something in Postern has to be proved all the same, so that who may change flows gains nothing by it.
 */
export async function isImposed(accounts: Pick<StageAccounts, 'hasRights'>, visit: Visit): Promise<boolean> {
  const { pending_user } = visit.context;
  if (pending_user?.kind !== 'account' || isProved(visit)) return false;
  return accounts.hasRights(visit.request.tenant, pending_user.pk);
}

/** Whether somebody, or something that can be believed, said that the person of the plan is who they say they are. */
export function isProved({ context, request }: Visit): boolean {
  // Whoever acts as somebody else leaves nothing behind to sign in with.
  if (request.requester?.impersonator !== undefined) return false;
  const { pending_user, auth_method, user_backend, is_restored, is_sso, source, first_password_only } = context;
  if (pending_user === undefined || pkOf(pending_user) === request.requester?.pk) return true;
  const isTheirLink = is_restored !== undefined && is_restored.user === pkOf(pending_user);
  // A protocol says of nobody who they are; a source does.
  const isFromSource = is_sso === true && source !== undefined;
  const isFirst = first_password_only === true;
  return auth_method !== undefined || user_backend !== undefined || isTheirLink || isFromSource || isFirst;
}

function pkOf(user: { kind: 'account'; pk: number } | { kind: 'unknown' }): number | undefined {
  return user.kind === 'account' ? user.pk : undefined;
}
