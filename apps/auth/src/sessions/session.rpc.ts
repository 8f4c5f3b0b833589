import { type Database, getOr404, listPage } from '@postern/database';
import { common } from '@postern/errors';
import type { Geo } from '@postern/geo';
import { auth } from '@postern/proto';
import { eventContext, type Neighbours } from '@postern/resource';
import { type BoundService, bind, type Call } from '@postern/rpc';
import { encodeSession, type PlainSession } from './session.codec.ts';
import { Session, sessionList } from './session.entity.ts';
import type { SessionLife } from './session.life.ts';
import type { SessionReader } from './session.reader.ts';

/** Model label of sessions. */
export const SESSION_MODEL = 'authentik_core.authenticatedsession';

/** What serving sessions needs. */
export type SessionRpcDeps = {
  readonly database: Database;
  readonly life: Pick<SessionLife, 'end'>;
  readonly reader: Pick<SessionReader, 'facts'>;
  readonly neighbours: Pick<Neighbours, 'usedBy'>;
  readonly geo: Pick<Geo, 'locate'>;
};

/** Serves sessions: to people their own, to superusers everyone's, to services who is signed in. */
export function createSessionRpc(deps: SessionRpcDeps): BoundService[] {
  return [publicSessions(deps), sessionDirectory(deps)];
}

function publicSessions({ database, life, neighbours, geo }: SessionRpcDeps): BoundService {
  const show = async (session: PlainSession, current: string | undefined) =>
    encodeSession(session, current, await geo.locate(session.lastIp));
  const get = (uuid: string, call: Call) =>
    database.read(call.context, async (em) => {
      const row = await getOr404(em, Session, uuid);
      if (!mayAct(row.user.pk, call)) throw common.NOT_FOUND();
      return row;
    });
  return bind(auth.AuthenticatedSessionServiceDefinition, {
    async listAuthenticatedSessions(request, call) {
      const { own, current } = viewerOf(call);
      const scope = own === undefined ? {} : { where: { user: own } };
      const page = await database.read(call.context, (em) => listPage(em, sessionList, request, scope));
      const results = await Promise.all(page.results.map((row) => show(row, current)));
      return { pagination: page.pagination, results };
    },
    async getAuthenticatedSession({ uuid }, call) {
      const row = await get(uuid, call);
      return show({ ...row, user: row.user.pk }, viewerOf(call).current);
    },
    async deleteAuthenticatedSession({ uuid }, call) {
      const { pk } = await get(uuid, call);
      await database.write(call.context, (em) => life.end(em, { pk }, 'deleted', eventContext(call)));
      return {};
    },
    async listAuthenticatedSessionUsedBy({ uuid }, call) {
      const { pk } = await get(uuid, call);
      return { items: await neighbours.usedBy(SESSION_MODEL, pk, call) };
    },
  });
}

function sessionDirectory({ database, life, reader }: SessionRpcDeps): BoundService {
  return bind(auth.SessionDirectoryServiceDefinition, {
    async getSessionFacts({ session }, { context }) {
      const facts = await reader.facts(context.tenant, session);
      if (!facts) throw common.NOT_FOUND();
      return facts;
    },
    async endSession({ session }, call) {
      await database.write(call.context, (em) => life.end(em, { key: session }, 'logout', eventContext(call)));
      return {};
    },
  });
}

/** Whose sessions a caller sees (undefined: everyone's), and the key of the one they use. */
function viewerOf({ context: { principal } }: Call): { own: number | undefined; current: string | undefined } {
  if (principal.kind === 'anonymous') throw common.UNAUTHENTICATED();
  if (principal.kind === 'service') return { own: undefined, current: undefined };
  return { own: principal.superuser ? undefined : principal.user.pk, current: principal.session };
}

function mayAct(owner: number, call: Call): boolean {
  const { own } = viewerOf(call);
  return own === undefined || own === owner;
}
