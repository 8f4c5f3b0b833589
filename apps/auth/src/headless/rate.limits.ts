import { createHash } from 'node:crypto';
import { type Database, type EntityManager, prepared } from '@postern/database';
import { blockOf } from '../lockout/index.ts';
import type { Person, Visit } from './headless.visit.ts';

/** How often things may be done unless a tenant says otherwise: `<number>/<period>/<per>`, all of them, apart by commas. */
export const DEFAULT_RATES = {
  login: '30/m/ip',
  login_failed: '10/m/ip,5/300s/key',
  signup: '20/m/ip',
  reset_password: '20/m/ip,5/m/key',
  reset_password_from_key: '20/m/ip',
  change_password: '5/m/user',
  change_phone: '1/m/user',
  manage_email: '10/m/user',
  reauthenticate: '10/m/user',
  request_login_code: '20/m/ip,3/m/key',
  confirm_email_by_link: '1/180s/key',
  confirm_email_by_code: '1/10s/key',
  verify_phone: '1/30s/key,3/m/ip',
} as const;

/** What is limited. */
export type RateAction = keyof typeof DEFAULT_RATES;

/** Who does it, where the limits are. */
export type RateSubject = Pick<Visit, 'tenant' | 'settings' | 'now' | 'client' | 'call'> & {
  readonly person?: Pick<Person, 'pk'> | undefined;
};

/** Counts what is done. All replicas count in one table. */
export type RateLimits = {
  /**
   * Uses one of each limit of an action; false, and nothing is used, when one of them is used up. `key` is what limits per key count. One
   * request uses an action once, however often its operation begins again.
   */
  use(visit: RateSubject, action: RateAction, key?: string): Promise<boolean>;
  /** Takes back what was used just now. */
  giveBack(visit: RateSubject, action: RateAction, key?: string): Promise<void>;
  /** What was used just now was no failure: takes it back, and forgets what was counted for the key; in the transaction that goes on with it. */
  forgive(tx: EntityManager, visit: RateSubject, action: RateAction, key: string): Promise<void>;
  /** Forgets what was counted for a key. */
  clear(visit: RateSubject, action: RateAction, key: string): Promise<void>;
};

type Rate = { readonly most: number; readonly milliseconds: number; readonly per: 'ip' | 'user' | 'key' };

/** Bits of an address that tell one client from another: who has an IPv6 address has its whole network. */
const CLIENT = { ipv4: 32, ipv6: 64 };
const RATE = /^(\d+)\/(\d*)([smhd])\/(ip|user|key)$/;
const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Reads `5/300s/key,20/m/ip`. Throws for what is none. */
export function ratesOf(text: string): readonly Rate[] {
  return text
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean)
    .map((one) => {
      const [, most = '', times = '', unit = '', per = ''] = RATE.exec(one) ?? [];
      if (per !== 'ip' && per !== 'user' && per !== 'key') throw new Error(`${one} is no rate`);
      return { most: Number(most), milliseconds: Number(times || 1) * (UNITS[unit] ?? 0), per };
    });
}

// The row's lock lets one request after the other see what those before it used: of many at once as many pass as may.
const USE = prepared(`insert into headless_rate as rate (pk, key, hits, expires)
  values (gen_random_uuid(), ?, array[?::timestamptz], ?::timestamptz)
  on conflict (tenant_id, key) do update set
    hits = array(select hit from unnest(rate.hits) as hit where hit > ?::timestamptz order by hit) || excluded.hits,
    expires = excluded.expires
  where (select count(*) from unnest(rate.hits) as hit where hit > ?::timestamptz) < ?
  returning 1`);
const GIVE_BACK = prepared(
  'update headless_rate set hits = hits[1:greatest(cardinality(hits) - 1, 0)] where key = ? and cardinality(hits) > 0',
);
const CLEAR = prepared('delete from headless_rate where key = ?');

/** Creates the limits. */
export function createRateLimits({ write, statement }: Pick<Database, 'write' | 'statement'>): RateLimits {
  const countersOf = (visit: RateSubject, action: RateAction, key: string) => {
    const given = visit.settings.rate_limits[action] ?? DEFAULT_RATES[action];
    return ratesOf(given).flatMap((rate) => {
      const subject = subjectOf(visit, rate.per, key);
      return subject === undefined ? [] : [{ ...rate, name: `${action}:${rate.per}:${subject}` }];
    });
  };
  const usedBy = new WeakMap<Visit['call'], Set<string>>();
  return {
    async use(visit, action, key = '') {
      const { tenant, now, call } = visit;
      const used = usedBy.get(call) ?? new Set();
      if (used.has(`${action} ${key}`)) return true;
      const counters = countersOf(visit, action, key);
      if (counters.length === 0) return true;
      const isFull = await write({ tenant }, async (em) => {
        const counted: string[] = [];
        for (const { name, most, milliseconds } of counters) {
          const since = new Date(now.getTime() - milliseconds);
          const expires = new Date(now.getTime() + milliseconds);
          const rows = await em.execute<unknown[]>(USE, [name, now, expires, since, since, most]);
          if (rows.length === 0) {
            for (const one of counted) await em.execute(GIVE_BACK, [one]);
            return true;
          }
          counted.push(name);
        }
        return false;
      });
      if (!isFull) usedBy.set(call, used.add(`${action} ${key}`));
      return !isFull;
    },
    async giveBack(visit, action, key = '') {
      usedBy.get(visit.call)?.delete(`${action} ${key}`);
      for (const { name } of countersOf(visit, action, key))
        await statement({ tenant: visit.tenant }, GIVE_BACK, [name]);
    },
    async forgive(tx, visit, action, key) {
      for (const { name, per } of countersOf(visit, action, key))
        await tx.execute(per === 'key' ? CLEAR : GIVE_BACK, [name]);
    },
    async clear(visit, action, key) {
      for (const { name, per } of countersOf(visit, action, key))
        if (per === 'key') await statement({ tenant: visit.tenant }, CLEAR, [name]);
    },
  };
}

function subjectOf({ client, person }: RateSubject, per: Rate['per'], key: string): string | undefined {
  if (per === 'ip') return blockOf(client.address, CLIENT) ?? client.address;
  if (per === 'user') return person === undefined ? undefined : String(person.pk);
  return createHash('sha256').update(key.toLowerCase()).digest('base64url');
}
