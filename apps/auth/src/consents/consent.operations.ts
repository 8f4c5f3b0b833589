import { type Database, getOr404, type ListRequest, listPage, type PlainRow } from '@postern/database';
import { common } from '@postern/errors';
import type { Outbox } from '@postern/messaging';
import type { auth } from '@postern/proto';
import { eventContext } from '@postern/resource';
import type { Call } from '@postern/rpc';
import type { Users } from '../accounts/index.ts';
import type { Applications } from './applications.client.ts';
import { Consent, type ConsentRow, consentList } from './consent.entity.ts';
import { consentFact, consentRevoked } from './consent.facts.ts';

/** What the use cases of consents need. */
export type ConsentDeps = {
  readonly database: Pick<Database, 'read' | 'write'>;
  readonly outbox: Pick<Outbox, 'record'>;
  readonly users: Pick<Users, 'byPk'>;
  readonly applications: Applications;
  readonly clock: { now(): Date };
};

/** Looking at consents and taking them back. Those of others do not exist for whoever may not see them. */
export type ConsentOperations = {
  list(request: ListRequest, call: Call): Promise<Omit<auth.ListUserConsentsResponse, '$type'>>;
  /** Throws NOT_FOUND. */
  get(pk: number, call: Call): Promise<auth.UserConsent>;
  /** Takes a consent back: the application asks again, and what it holds by it ends. Throws NOT_FOUND. */
  revoke(pk: number, call: Call): Promise<void>;
  /** Throws NOT_FOUND for a consent that the caller may not see. */
  require(pk: number, call: Call): Promise<void>;
};

const VIEW = 'authentik_core.view_userconsent';
const DELETE = 'authentik_core.delete_userconsent';

/** Creates the use cases. */
export function createConsentOperations(deps: ConsentDeps): ConsentOperations {
  const { database, outbox, users, applications, clock } = deps;
  const live = () => ({ $or: [{ expires: null }, { expires: { $gt: clock.now() } }] });

  /** A consent whose application or user is gone is about to go, too: it is not shown any more. */
  async function show(rows: readonly Parties[], call: Call): Promise<auth.UserConsent[]> {
    const [people, apps] = await Promise.all([
      users.byPk(
        rows.map(({ user }) => user),
        call,
      ),
      applications.byPk(
        rows.map(({ application }) => application),
        call,
      ),
    ]);
    return rows.flatMap(({ pk, permissions, expires, ...row }) => {
      const [user, application] = [people.get(row.user), apps.get(row.application)];
      return user && application ? [{ pk, permissions, expires: timeOf(expires), user, application }] : [];
    });
  }

  function find(pk: number, call: Call, permission: string): Promise<ConsentRow> {
    return database.read(call.context, async (em) => {
      const row = await getOr404(em, Consent, pk);
      const { user = row.user.pk } = scopeOf(call, permission);
      const isOver = row.expires !== null && row.expires !== undefined && row.expires <= clock.now();
      if (user !== row.user.pk || isOver) throw common.NOT_FOUND();
      return row;
    });
  }

  return {
    async list(request, call) {
      const scope = { where: { $and: [scopeOf(call, VIEW), live()] } };
      const page = await database.read(call.context, (em) => listPage(em, consentList, request, scope));
      return { pagination: page.pagination, results: await show(page.results, call) };
    },
    async get(pk, call) {
      const row = await find(pk, call, VIEW);
      const [shown] = await show([partiesOf(row)], call);
      if (!shown) throw common.NOT_FOUND();
      return shown;
    },
    async revoke(pk, call) {
      const row = partiesOf(await find(pk, call, DELETE));
      const apps = await applications.byPk([row.application], call);
      const people = await users.byPk([row.user], call);
      const names = {
        application: apps.get(row.application)?.name ?? row.application,
        username: people.get(row.user)?.username ?? String(row.user),
      };
      await database.write(call.context, async (em) => {
        // Of two who take it back at once, one tells.
        const gone = await em.nativeDelete(Consent, { pk });
        if (gone === 0) throw common.NOT_FOUND();
        const facts = [consentFact('deleted', pk, names), consentRevoked(row.user, row.application)];
        await outbox.record(em, eventContext(call), facts);
      });
    },
    async require(pk, call) {
      await find(pk, call, VIEW);
    },
  };
}

type Parties = Pick<PlainRow<ConsentRow>, 'pk' | 'user' | 'application' | 'permissions' | 'expires'>;

function partiesOf({ pk, user, application, permissions, expires }: ConsentRow): Parties {
  return { pk, user: user.pk, application, permissions, expires: expires ?? null };
}

function timeOf(time: Date | string | null | undefined): string | undefined {
  return time ? new Date(time).toISOString() : undefined;
}

/** Everyone's for superusers, services and holders of the permission; for anybody else their own. */
function scopeOf({ context: { principal } }: Call, permission: string): { readonly user?: number } {
  if (principal.kind === 'anonymous') throw common.UNAUTHENTICATED();
  if (principal.kind === 'service' || principal.superuser || principal.permissions.includes(permission)) return {};
  return { user: principal.user.pk };
}
