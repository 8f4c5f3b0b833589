import type { Database, EntityManager } from '@postern/database';
import { common } from '@postern/errors';
import { actorOf, type EventContext, type Fact, type Outbox } from '@postern/messaging';
import type { directory } from '@postern/proto';
import { eventContext } from '@postern/resource';
import type { Call, UserPrincipal } from '@postern/rpc';
import { accountsIn, type RightsGuard, type StatusGate } from '../accounts/index.ts';
import { impersonationBegun, impersonationEnded } from './impersonation.facts.ts';
import { mayImpersonate } from './impersonation.rule.ts';
import { sessionsIn } from './session.repository.ts';

/** What acting as somebody else needs. */
export type ImpersonationDeps = {
  readonly database: Pick<Database, 'write'>;
  readonly outbox: Pick<Outbox, 'record'>;
  readonly gate: StatusGate;
  readonly rights: RightsGuard;
  /** Whether the tenant lets anybody do so. */
  readonly isAllowed: (tenant: string) => Promise<boolean>;
};

/** Acting as somebody else, and as oneself again. */
export type Impersonation = {
  /** False for who may not, whatever the reason. Throws NOT_FOUND for a user who does not exist. */
  begin(user: number, call: Call): Promise<boolean>;
  end(call: Call): Promise<void>;
};

/** Creates the use cases. */
export function createImpersonation({ database, outbox, gate, rights, isAllowed }: ImpersonationDeps): Impersonation {
  return {
    async begin(pk, call) {
      const { tenant, principal } = call.context;
      const other = await gate.find(tenant, pk, call);
      if (!other) throw common.NOT_FOUND();
      if (principal.kind !== 'user' || principal.impersonator || !(await isAllowed(tenant))) return false;
      const actor = await gate.admit(tenant, principal.user.pk, call);
      if (!actor || !mayImpersonate(actor, other)) return false;
      if (!(await rights.covers({ users: [pk] }, call))) return false;
      const session = sessionOf(principal);
      // A token has nothing to keep it in: as in the contract, its holder may, and stays who they are.
      if (session === undefined) return true;
      return database.write(call.context, async (em) => {
        await accountsIn(em).keep(other.user);
        if (!(await sessionsIn(em).impersonate(session, pk))) return false;
        const facts = impersonationBegun(session, actor.user.pk, pk);
        await tell(em, session, contextOf(call, actor.user, other.user), facts);
        return true;
      });
    },
    async end(call) {
      const { principal } = call.context;
      if (principal.kind !== 'user') return;
      const { impersonator, user } = principal;
      const session = sessionOf(principal);
      if (session === undefined || impersonator === undefined) return;
      await database.write(call.context, async (em) => {
        if (!(await sessionsIn(em).stopImpersonating(session))) return;
        const facts = impersonationEnded(session, impersonator.pk, user.pk);
        await tell(em, session, contextOf(call, impersonator), facts);
      });
    },
  };

  async function tell(em: EntityManager, session: string, context: EventContext, facts: readonly Fact[]) {
    await sessionsIn(em).forgetPlan(session);
    await outbox.record(em, context, facts);
  }
}

/** Key of the browser session that a caller came with. */
function sessionOf({ via, session }: UserPrincipal): string | undefined {
  return via === 'session' ? session : undefined;
}

type Somebody = Pick<directory.UserFacts, 'pk' | 'uuid' | 'username' | 'name' | 'email'>;

/** Who really acts, and as whom where they do. */
function contextOf(call: Call, actor: Somebody, other?: Somebody): EventContext {
  const who = other === undefined ? { user: actor } : { user: other, impersonator: actor };
  return { ...eventContext(call), actor: actorOf({ kind: 'user', via: 'session', ...who }) };
}
