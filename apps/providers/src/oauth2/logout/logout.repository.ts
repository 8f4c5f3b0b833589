import type { EntityManager } from '@postern/database';

/** A client that knows of a session, and what it calls it. */
export type SessionClient = {
  readonly provider: number;
  readonly user: number;
  readonly sid: string;
  /** Undefined for grants that were given before issuers were kept. */
  readonly issuer?: string;
};

/** Whose sessions are over: one session, what somebody does in one as somebody else, or all of a user. */
export type Ended =
  | { readonly session: string; readonly user?: number }
  | { readonly session?: undefined; readonly user: number };

type Row = { provider_pk: number; user_pk: number; sid: string; issuer: string | null };

function clientOf({ provider_pk, user_pk, sid, issuer }: Row): SessionClient {
  return { provider: provider_pk, user: user_pk, sid, ...(issuer === null ? {} : { issuer }) };
}

/**
 * Takes the clients that have to be told of an end, each once: whoever asks again, for another reason or because an event came twice, gets none. A
 * grant counts that was given in the session, also one that outlives it, as long as it was not taken back.
 */
export async function takeClientsToTell(em: EntityManager, ended: Ended, now: Date): Promise<SessionClient[]> {
  const whose = [
    ...(ended.session === undefined ? [] : [{ sql: 'g.given_in = ?', value: ended.session }]),
    ...(ended.user === undefined ? [] : [{ sql: 'g.user_pk = ?', value: ended.user }]),
  ];
  const rows = await em.execute<Row[]>(
    `update oauth2_grant g set told = ? from oauth2_client_settings s
      where s.provider_pk = g.provider_pk and s.backchannel_logout_uri <> '' and ${whose.map(({ sql }) => sql).join(' and ')}
        and g.sid is not null and g.told is null and g.revoked is null
      returning g.provider_pk, g.user_pk, g.sid, g.issuer`,
    [now, ...whose.map(({ value }) => value)],
  );
  const clients = new Map(rows.map((row) => [`${row.provider_pk} ${row.user_pk} ${row.sid}`, clientOf(row)]));
  return [...clients.values()];
}

/** A frame that tells a client by the browser: OpenID Connect Front-Channel Logout, section 2. */
export type ClientFrame = { readonly uri: string; readonly sid: string; readonly issuer?: string };

/** The clients of a session that want to be told by the browser. */
export async function framesOf(em: EntityManager, session: string): Promise<ClientFrame[]> {
  const rows = await em.execute<(Row & { uri: string })[]>(
    `select distinct on (g.provider_pk, g.sid) g.provider_pk, g.user_pk, g.sid, g.issuer, s.frontchannel_logout_uri as uri
      from oauth2_grant g join oauth2_client_settings s on s.provider_pk = g.provider_pk and s.frontchannel_logout_uri <> ''
      where g.given_in = ? and g.sid is not null and g.revoked is null order by g.provider_pk, g.sid, g.created desc`,
    [session],
  );
  return rows.map((row) => ({ uri: row.uri, ...clientOf(row) }));
}
