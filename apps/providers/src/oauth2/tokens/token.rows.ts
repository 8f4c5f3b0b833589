import type { Grant } from './stored-token.ts';

/** A row by the names of its columns, as JSON writes it. */
export type Row = Readonly<Record<string, unknown>>;

/** What is stored for one order, in one go with that of others. */
export type TokenRows = {
  /** Hash of the refresh token that is used up for it: without that, nothing of it is stored. */
  readonly uses?: string | undefined;
  readonly issued: Date;
  /** Given now. */
  readonly grant?: Row | undefined;
  readonly access?: Row | undefined;
  readonly refresh?: Row | undefined;
};

/** The columns of a grant that has just been given. */
export function grantRow(grant: Omit<Grant, 'isRevoked'>, now: Date): Row {
  return {
    pk: grant.pk,
    created: now,
    updated: now,
    provider_pk: grant.provider,
    user_pk: grant.user,
    session: grant.session,
    given_in: grant.givenIn,
    sid: grant.sid,
    issuer: grant.issuer,
    scopes: grant.scopes,
    auth_time: grant.authTime,
    amr: grant.amr,
    nonce: grant.nonce,
    resources: grant.resources ?? [],
    id_claims: grant.idClaims,
    parent_pk: grant.parent,
  };
}

/** The columns of each table that {@link grantRow} and whoever stores tokens give. A column that a row leaves out is null. */
export const STORED_COLUMNS = {
  oauth2_grant:
    'pk, created, updated, provider_pk, user_pk, session, given_in, sid, issuer, scopes, auth_time, amr, nonce, resources, id_claims, parent_pk',
  oauth2_access_token: 'hash, grant_pk, issued, expires, scopes, claims',
  oauth2_refresh_token: 'hash, grant_pk, issued, expires, issuer, subject, jkt, claims',
} as const;
