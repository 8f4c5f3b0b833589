import type { Database } from '@postern/database';
import { common } from '@postern/errors';
import type { Outbox } from '@postern/messaging';
import { eventContext, recordedFact } from '@postern/resource';
import type { Call } from '@postern/rpc';
import { type RightsGuard, requireThemselves, type Standing } from '../accounts/index.ts';
import type { FlowTokens } from '../flow-tokens/index.ts';
import { flowPage, type Route } from '../plans/index.ts';
import type { StageAccounts } from '../stages/index.ts';
import type { FlowReader } from './catalog.repository.ts';
import { clientOf } from './flow.call.ts';
import { recoveryErrors } from './recovery.errors.ts';
import type { BrandFlows } from './select.flow.ts';

/** What recovery links need. */
export type RecoveryDeps = {
  readonly database: Pick<Database, 'write'>;
  readonly outbox: Pick<Outbox, 'record'>;
  readonly brands: BrandFlows;
  readonly reader: Pick<FlowReader, 'findByPk'>;
  readonly route: Pick<Route, 'plan'>;
  readonly links: Pick<FlowTokens, 'issue'>;
  readonly accounts: Pick<StageAccounts, 'remember'>;
  /** A user as they stand, deactivated ones included. */
  readonly standing: (tenant: string, pk: number, call: Call) => Promise<Standing | undefined>;
  readonly rights: RightsGuard;
  readonly clock: () => Date;
  readonly ids: () => string;
};

/** A link for somebody. */
export type RecoveryLink = { readonly link: string; readonly expires: Date };

/** Makes links by which somebody gets in again. */
export type Recovery = {
  /** The user, if the caller may let them in. Throws NOT_FOUND, RECOVERY_EXCEEDS_RIGHTS and IMPERSONATING. */
  readonly person: (pk: number, call: Call) => Promise<Standing>;
  /** A link into the recovery flow of the brand; undefined without such a flow, or where it does not apply to them. */
  readonly link: (person: Standing, call: Call) => Promise<RecoveryLink | undefined>;
};

/** How long a link is good, in milliseconds. */
const LIFE_MS = 1_800_000;

/** Creates the use cases. */
export function createRecovery(deps: RecoveryDeps): Recovery {
  return {
    person: async (pk, call) => {
      requireThemselves(call);
      const person = await deps.standing(call.context.tenant, pk, call);
      if (person === undefined) throw common.NOT_FOUND();
      // Whoever has the link can sign in with it.
      if (!(await deps.rights.covers({ users: [pk] }, call))) throw recoveryErrors.RECOVERY_EXCEEDS_RIGHTS();
      return person;
    },
    link: (person, call) => makeLink(person, call, deps),
  };
}

async function makeLink(person: Standing, call: Call, deps: RecoveryDeps): Promise<RecoveryLink | undefined> {
  const { tenant } = call.context;
  const { user, uid } = person;
  const client = clientOf(call);
  const key = await deps.brands.find('recovery', call);
  const flow = key === undefined ? undefined : await deps.reader.findByPk(tenant, key);
  if (flow === undefined) return undefined;
  const { pk, uuid, username } = user;
  const context = { pending_user: { kind: 'account', pk, uuid, username } } as const;
  const planned = await deps.route.plan(flow, { tenant, query: '', client, requester: undefined, context });
  if (planned.kind === 'not_applicable') return undefined;
  const expires = new Date(deps.clock().getTime() + LIFE_MS);
  const token = { identifier: `${uid}-password-reset`, family: deps.ids(), user: pk, plan: planned.plan, expires };
  const secret = await deps.database.write(call.context, async (em) => {
    const { is_active: isActive, ...facts } = user;
    await deps.accounts.remember(em, { ...facts, isActive });
    await deps.outbox.record(em, eventContext(call), linkMade(person));
    return deps.links.issue(em, token);
  });
  return { link: `${client.scheme}://${client.host}${flowPage(flow.slug, `flow_token=${secret}`)}`, expires };
}

/** Whoever has the link can act as the user: the audit log knows who made it. */
function linkMade({ user }: Standing) {
  const object = { app: 'authentik_core', model_name: 'user', pk: user.pk, name: user.username };
  const context = { secret: object, message: `A recovery link for ${user.username} was made.` };
  return recordedFact('auth', { action: 'secret_view', app: 'authentik.core.api.users', context });
}
