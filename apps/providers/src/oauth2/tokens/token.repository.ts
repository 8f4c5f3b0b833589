import { type EntityManager, prepared } from '@postern/database';
import type { ClaimWishes } from '../claims/index.ts';
import type { Grant, StoredAccessToken, StoredCode, StoredRefreshToken, StoredToken } from './stored-token.ts';
import { CodeEntity } from './token.entity.ts';
import { grantRow } from './token.rows.ts';
import { storeTokens } from './token.writer.ts';

type NewToken = { readonly hash: string; readonly grant: string; readonly issued: Date; readonly expires: Date };

/** Stores what an authorization gave. */
export async function insertGrant(em: EntityManager, grant: Omit<Grant, 'isRevoked'>, now: Date): Promise<void> {
  await storeTokens(em, [{ issued: now, grant: grantRow(grant, now) }]);
}

/** Stores a code. */
export async function insertCode(
  em: EntityManager,
  code: NewToken & { redirectUri: string; challenge?: string; challengeMethod?: string; jkt?: string },
): Promise<void> {
  await em.insert(CodeEntity, code);
}

type Row = Record<string, unknown> & {
  hash: string;
  grant_pk: string;
  provider_pk: number;
  user_pk: number;
  session: string | null;
  given_in: string | null;
  sid: string | null;
  issuer: string | null;
  granted: string[];
  auth_time: string;
  amr: string[];
  nonce: string | null;
  resources: string[];
  id_claims: ClaimWishes | null;
  parent_pk: string | null;
  revoked: string | null;
  issued: string;
  expires: string;
};

const GRANT =
  'g.provider_pk, g.user_pk, g.session, g.given_in, g.sid, g.issuer, g.scopes as granted, g.auth_time, g.amr, g.nonce, g.resources, g.id_claims, g.parent_pk, g.revoked';

/** Runs a statement: a transaction, or a database where the statement stands alone. */
type Rows = <R extends object>(sql: string, values: unknown[]) => Promise<R[]>;

/** Rows by hash, by one statement. Hashes are base64url, so that they need no quotes in an array. */
async function findAllIn<R extends object>(
  rows: Rows,
  table: string,
  columns: string,
  hashes: readonly string[],
): Promise<(Row & R)[]> {
  const all = `select t.hash, t.grant_pk, t.issued, t.expires, ${columns}, ${GRANT} from ${table} t join oauth2_grant g on g.pk = t.grant_pk`;
  const [first, ...others] = hashes;
  // How several are best found hangs on how many there are: that is planned each time.
  return others.length === 0
    ? rows<Row & R>(prepared(`${all} where t.hash = ?`), [first])
    : rows<Row & R>(`${all} where t.hash = any (?::text[])`, [`{${hashes.join(',')}}`]);
}

const rowsIn =
  (em: EntityManager): Rows =>
  (sql, values) =>
    em.execute(sql, values);

function stored(row: Row): StoredToken {
  const grant: Grant = {
    pk: row.grant_pk,
    provider: row.provider_pk,
    user: row.user_pk,
    ...(row.session === null ? {} : { session: row.session }),
    ...(row.given_in === null ? {} : { givenIn: row.given_in }),
    ...(row.sid === null ? {} : { sid: row.sid }),
    ...(row.issuer === null ? {} : { issuer: row.issuer }),
    scopes: row.granted,
    authTime: new Date(row.auth_time),
    amr: row.amr,
    ...(row.nonce === null ? {} : { nonce: row.nonce }),
    ...(row.resources.length === 0 ? {} : { resources: row.resources }),
    ...(row.id_claims === null ? {} : { idClaims: row.id_claims }),
    ...(row.parent_pk === null ? {} : { parent: row.parent_pk }),
    isRevoked: row.revoked !== null,
  };
  return { grant, issued: new Date(row.issued), expires: new Date(row.expires) };
}

/** What only codes and refresh tokens have. */
type Used = { jkt: string | null; used: string | null };

/** A code by its hash. */
export async function findCode(em: EntityManager, hash: string): Promise<StoredCode | undefined> {
  type Code = Used & { redirect_uri: string; challenge: string | null; challenge_method: string | null };
  const columns = 't.redirect_uri, t.challenge, t.challenge_method, t.jkt, t.used';
  const [row] = await findAllIn<Code>(rowsIn(em), 'oauth2_code', columns, [hash]);
  if (!row) return undefined;
  const { redirect_uri, challenge, challenge_method, jkt, used } = row;
  return {
    ...stored(row),
    redirectUri: redirect_uri,
    ...(challenge === null ? {} : { challenge }),
    ...(challenge_method === null ? {} : { challengeMethod: challenge_method }),
    ...(jkt === null ? {} : { jkt }),
    isUsed: used !== null,
  };
}

/** Access tokens by their hashes. */
export async function findAccessTokens(rows: Rows, hashes: readonly string[]): Promise<Map<string, StoredAccessToken>> {
  type Access = { key: string; scopes: string[] };
  const found = await findAllIn<Access>(rows, 'oauth2_access_token', 't.pk::text as key, t.scopes', hashes);
  return new Map(found.map((row) => [row.hash, { ...stored(row), key: row.key, scopes: row.scopes }]));
}

/** Refresh tokens by their hashes. */
export async function findRefreshTokens(
  rows: Rows,
  hashes: readonly string[],
): Promise<Map<string, StoredRefreshToken>> {
  type Refresh = Used & { said_issuer: string; subject: string };
  const columns = 't.issuer as said_issuer, t.subject, t.jkt, t.used';
  const found = await findAllIn<Refresh>(rows, 'oauth2_refresh_token', columns, hashes);
  return new Map(
    found.map((row) => {
      const { said_issuer: issuer, subject, jkt, used } = row;
      return [row.hash, { ...stored(row), issuer, subject, ...(jkt === null ? {} : { jkt }), isUsed: used !== null }];
    }),
  );
}

/** An access token by its hash. */
export async function findAccessToken(em: EntityManager, hash: string): Promise<StoredAccessToken | undefined> {
  return (await findAccessTokens(rowsIn(em), [hash])).get(hash);
}

/** A refresh token by its hash. */
export async function findRefreshToken(em: EntityManager, hash: string): Promise<StoredRefreshToken | undefined> {
  return (await findRefreshTokens(rowsIn(em), [hash])).get(hash);
}

/** What a person granted a client last in a session that the client knows by this name; undefined where that is revoked. */
export async function findGrantOfSession(em: EntityManager, provider: number, sid: string): Promise<Grant | undefined> {
  const [row] = await em.execute<Row[]>(
    `select '' as hash, g.pk as grant_pk, g.created as issued, g.created as expires, ${GRANT} from oauth2_grant g
      where g.provider_pk = ? and g.sid = ? and g.revoked is null order by g.created desc limit 1`,
    [provider, sid],
  );
  return row && stored(row).grant;
}

/** Uses up a code or a refresh token. False when it was used before, or its grant is revoked: of two at once, one wins. */
export async function useUp(
  em: EntityManager,
  table: 'oauth2_code' | 'oauth2_refresh_token',
  hash: string,
  now: Date,
): Promise<boolean> {
  const rows = await em.execute<unknown[]>(
    `update ${table} t set used = ? from oauth2_grant g
      where t.hash = ? and t.used is null and g.pk = t.grant_pk and g.revoked is null returning t.pk`,
    [now, hash],
  );
  return rows.length === 1;
}

/** Revokes what an authorization gave, and with it all its codes and tokens. False when it was revoked already. */
export async function revokeGrant(em: EntityManager, grant: string, now: Date): Promise<boolean> {
  const rows = await em.execute<unknown[]>(
    'update oauth2_grant set revoked = ?, updated = ? where pk = ? and revoked is null returning pk',
    [now, now, grant],
  );
  return rows.length === 1;
}

/** Revokes all that a user, or everybody within a session, or a user within a session, gave. */
export async function revokeGrantsOf(
  em: EntityManager,
  { user, session }: { user: number; session?: string } | { user?: undefined; session: string },
  now: Date,
): Promise<void> {
  const whose = [...(user === undefined ? [] : ['user_pk = ?']), ...(session === undefined ? [] : ['session = ?'])];
  const sql = `update oauth2_grant set revoked = ?, updated = ? where ${whose.join(' and ')} and revoked is null`;
  await em.execute(sql, [now, now, ...[user, session].filter((value) => value !== undefined)]);
}

/** Revokes what a user gave to an application until then. */
export async function revokeGrantsTo(
  em: EntityManager,
  { user, application, before }: { user: number; application: string; before: Date },
  now: Date,
): Promise<void> {
  await em.execute(
    `update oauth2_grant set revoked = ?, updated = ?
      where user_pk = ? and created <= ? and revoked is null
        and provider_pk = (select provider_pk from application where pk = ?)`,
    [now, now, user, before, application],
  );
}

/** Revokes what anybody gave to a client. */
export async function revokeGrantsToProvider(em: EntityManager, provider: number, now: Date): Promise<void> {
  const sql = 'update oauth2_grant set revoked = ?, updated = ? where provider_pk = ? and revoked is null';
  await em.execute(sql, [now, now, provider]);
}

/** Forgets all that a user gave. */
export async function deleteGrantsOf(em: EntityManager, user: number): Promise<void> {
  await em.execute('delete from oauth2_grant where user_pk = ?', [user]);
}

/** Forgets an access token. */
export async function deleteAccessToken(em: EntityManager, hash: string): Promise<void> {
  await em.execute('delete from oauth2_access_token where hash = ?', [hash]);
}
