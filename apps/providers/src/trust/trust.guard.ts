import type { EntityManager } from '@postern/database';
import type { Guarding } from '@postern/resource';
import { trustErrors } from './trust.errors.ts';

/** Clients that get tokens for the API, and sources: as far as superusers alone decide about them. */
const TRUSTED = `select 'client' as what, p.pk::text as key, md5(p::text || coalesce(s::text, '')) as digest, true as is_close
  from provider p left join oauth2_client_settings s on s.provider_pk = p.pk
  where p.kind = 'oauth2' and exists (select from property_mapping m where m.pk = any (p.property_mappings) and m.scope_name = 'goauthentik.io/api')
  union all
  select 'source', pk::text, md5(concat_ws(' ', provider_type, request_token_url, authorization_url, access_token_url, profile_url,
    consumer_key, oidc_well_known_url, oidc_jwks_url, oidc_jwks::text, user_matching_mode)), user_matching_mode in ('email_link', 'username_link')
  from source`;

type Row = {
  readonly what: 'client' | 'source';
  readonly key: string;
  readonly digest: string;
  /** Whether a new one is as good as an account of somebody else. */
  readonly is_close: boolean;
};

/** Creates the guard. Throws API_CLIENT_RESERVED and SOURCE_RESERVED. Whatever takes trust away passes. */
export function createTrustGuard(): Guarding {
  return async (em, { principal }, work) => {
    if (principal.kind === 'service' || (principal.kind === 'user' && principal.superuser)) return work();
    const before = new Map((await trusted(em)).map((row) => [nameOf(row), row.digest] as const));
    const result = await work();
    await em.flush();
    const changed = (await trusted(em)).find((row) => {
      const known = before.get(nameOf(row));
      return known === undefined ? row.is_close : known !== row.digest;
    });
    if (changed?.what === 'client') throw trustErrors.API_CLIENT_RESERVED();
    if (changed?.what === 'source') throw trustErrors.SOURCE_RESERVED();
    return result;
  };
}

const nameOf = ({ what, key }: Row) => `${what} ${key}`;

const trusted = (em: EntityManager): Promise<Row[]> => em.execute<Row[]>(TRUSTED);
