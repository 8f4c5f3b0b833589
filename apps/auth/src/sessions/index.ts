/**
 * Sessions of browsers. A cookie holds 256 random bits; everything else knows the session by their hash, its key. A session that nobody has
 * signed in to has no row: it is a key under which a flow keeps its plan. One function issues every session that has one.
 */

import type { Database } from '@postern/database';
import type { Geo } from '@postern/geo';
import type { Outbox } from '@postern/messaging';
import type { Neighbours } from '@postern/resource';
import type { BoundService } from '@postern/rpc';
import type { RightsGuard, StatusGate } from '../accounts/index.ts';
import type { FlowSessions } from '../flows/index.ts';
import { createImpersonation, type ImpersonationDeps } from './impersonation.operations.ts';
import { createImpersonationRpc } from './impersonation.rpc.ts';
import { createSessionCookies, type SessionClaim } from './session.cookie.ts';
import { createSessionLife, type SessionLife } from './session.life.ts';
import { createSessionReader, type SessionReader } from './session.reader.ts';
import { type ListedSession, sessionsIn } from './session.repository.ts';
import { createSessionRpc } from './session.rpc.ts';

export { SESSION_COOKIE } from './session.cookie.ts';
export { Session } from './session.entity.ts';
export { SESSION_CREATED, SESSION_ENDED, sessionContext } from './session.facts.ts';
export { SESSION_MIGRATIONS } from './session.migrations.ts';
export type { LiveSession } from './session.reader.ts';
export type { ListedSession } from './session.repository.ts';
export { SESSION_MODEL } from './session.rpc.ts';

/** What sessions need. */
export type SessionDeps = {
  readonly database: Database;
  readonly outbox: Outbox;
  readonly gate: StatusGate;
  readonly rights: RightsGuard;
  readonly clock: { now(): Date };
  readonly ids: () => string;
  /** The installation's secrets: the first signs cookies, all verify. */
  readonly secrets: readonly string[];
  /** Domain that the cookie is shared with; its host alone by default. */
  readonly cookieDomain?: string | undefined;
  readonly neighbours: Pick<Neighbours, 'usedBy'>;
  /** Where browsers are. */
  readonly geo: Pick<Geo, 'locate'>;
  /** Whether people may act as somebody else in a tenant. */
  readonly mayImpersonate: ImpersonationDeps['isAllowed'];
};

/** Sessions, wired. */
export type Sessions = {
  readonly services: readonly BoundService[];
  /** Sessions, as flows use them. */
  readonly forFlows: FlowSessions;
  readonly end: SessionLife['end'];
  readonly expire: SessionLife['expire'];
  readonly rekey: SessionLife['rekey'];
  /** The sessions of a user, in the order in which they began. */
  readonly ofUser: (tenant: string, user: number) => Promise<readonly ListedSession[]>;
  readonly find: SessionReader['find'];
  readonly use: SessionReader['use'];
  /** What a cookie says; undefined for one that we did not make. */
  readonly readCookie: (value: string) => Promise<SessionClaim | undefined>;
};

/** Creates sessions. */
export function createSessions({ secrets, cookieDomain, neighbours, geo, ...deps }: SessionDeps): Sessions {
  const { database } = deps;
  const cookies = createSessionCookies({ secrets, domain: cookieDomain });
  const life = createSessionLife({ ...deps, cookies });
  const reader = createSessionReader(deps);
  return {
    services: [
      ...createSessionRpc({ database, life, reader, neighbours, geo }),
      createImpersonationRpc(createImpersonation({ ...deps, isAllowed: deps.mayImpersonate })),
    ],
    forFlows: {
      open: ({ client }) => life.open(client),
      named: async (cookie) => (await cookies.read(cookie))?.key,
      issue: (tx, request) => life.issue(tx, request),
      end: (tx, key, client) => life.leave(tx, key, client),
      facts: (tenant, session) => reader.facts(tenant, session),
      reader: {
        async find(tenant, session, call) {
          const live = await reader.find(tenant, session, call);
          if (!live) return undefined;
          const { user, superuser } = live.standing;
          const { pk, uuid, username } = user;
          const impersonator = live.impersonator?.user;
          const requester = { pk, uuid, username, superuser, ...(impersonator && { impersonator }) };
          return { requester, since: live.session.since };
        },
      },
    },
    end: life.end,
    expire: life.expire,
    rekey: life.rekey,
    ofUser: (tenant, user) => database.read({ tenant }, (em) => sessionsIn(em).ofUser(user, deps.clock.now())),
    find: reader.find,
    use: reader.use,
    readCookie: cookies.read,
  };
}
