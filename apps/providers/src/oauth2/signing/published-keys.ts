import type { EntityManager } from '@postern/database';
import { v7 } from 'uuid';
import type { OAuth2Client } from '../../clients/index.ts';
import { publicJwk } from './public-key.ts';

/** The keys that a client's tokens can be verified with. */
export type PublishedKeys = {
  /** Whether this process knows that the key that signs now is remembered. */
  isRemembered(tenant: string, client: OAuth2Client, now: Date): boolean;
  /** Remembers the key that signs now. Call it before the token is stored, or in the transaction that does. */
  remember(em: EntityManager, tenant: string, client: OAuth2Client, now: Date): Promise<void>;
  /** The current key, then those whose tokens may still live. */
  list(em: EntityManager, client: OAuth2Client, now: Date): Promise<Record<string, unknown>[]>;
};

const DAY_MS = 86_400_000;
/** Keys at most of which this process knows that they are remembered. */
const CAPACITY = 1_000;

const REMEMBER = `insert into oauth2_published_key (pk, provider_pk, kid, jwk, until) values (?, ?, ?, ?::jsonb, ?)
  on conflict (tenant_id, provider_pk, kid) do update set until = greatest(oauth2_published_key.until, excluded.until)`;

/**
 * Creates the memory of keys. When a provider gets another signing key, the one before stays in the key set until every token it signed
 * has expired. Writing that down once a day is enough: it is kept a day longer than tokens live.
 */
export function createPublishedKeys(): PublishedKeys {
  const remembered = new Map<string, number>();
  const nameOf = (tenant: string, pk: number, kid: string) => `${tenant} ${pk} ${kid}`;
  const isRemembered: PublishedKeys['isRemembered'] = (tenant, client, now) => {
    const { pk, signingKey } = client;
    if (!signingKey) return true;
    return (remembered.get(nameOf(tenant, pk, signingKey.kid)) ?? 0) >= now.getTime() + livesOf(client);
  };
  return {
    isRemembered,
    async remember(em, tenant, client, now) {
      const { pk, signingKey } = client;
      if (!signingKey || isRemembered(tenant, client, now)) return;
      const name = nameOf(tenant, pk, signingKey.kid);
      const lives = livesOf(client);
      const until = now.getTime() + lives + DAY_MS;
      const jwk = JSON.stringify(publicJwk(signingKey));
      await em.execute(REMEMBER, [v7(), pk, signingKey.kid, jwk, new Date(until)]);
      const [oldest] = remembered.keys();
      if (remembered.size >= CAPACITY && oldest !== undefined) remembered.delete(oldest);
      remembered.set(name, until);
    },
    async list(em, { pk, signingKey }, now) {
      const current = signingKey ? [publicJwk(signingKey)] : [];
      const rows = await em.execute<{ jwk: Record<string, unknown> }[]>(
        'select jwk from oauth2_published_key where provider_pk = ? and until > ? and kid <> ? order by until desc',
        [pk, now, signingKey?.kid ?? ''],
      );
      return [...current, ...rows.map(({ jwk }) => jwk)];
    },
  };
}

/** How long tokens of a client live at most, in milliseconds. */
function livesOf({ accessTokenValidity, refreshTokenValidity }: OAuth2Client): number {
  return Math.max(accessTokenValidity, refreshTokenValidity) * 1000;
}
