import { type EntityManager, prepared } from '@postern/database';
import type { AccountFacts } from '../accounts/index.ts';
import type { JsonObject } from '../plans/index.ts';

/** A session as it stands. */
export type SessionRow = {
  readonly pk: string;
  readonly key: string;
  /** Who signed in. */
  readonly user: number;
  /** As whom they act; null for themselves. */
  readonly impersonated: number | null;
  readonly method: string;
  readonly methodArgs: JsonObject;
  readonly since: Date;
  readonly lastUsed: Date;
  readonly expires: Date;
};

/** A session that is over. */
export type EndedSession = { readonly key: string; readonly pk: string; readonly user: AccountFacts };

/** A session as its user sees it. */
export type ListedSession = {
  readonly pk: string;
  readonly key: string;
  /** What people name it by. */
  readonly number: number;
  readonly address: string;
  readonly userAgent: string;
  readonly since: Date;
  readonly lastUsed: Date;
};

/** A session to be stored. */
export type NewSession = Omit<SessionRow, 'lastUsed' | 'impersonated'> & {
  readonly address: string;
  readonly userAgent: string;
};

/** Which sessions to end. */
export type Ending =
  | { readonly key: string }
  | { readonly pk: string }
  | { readonly user: number; readonly except?: string | undefined }
  /** Those in which somebody acts as a user. */
  | { readonly impersonated: number }
  /** Those whose time has passed, the oldest first. */
  | { readonly before: Date; readonly limit: number };

// Plain SQL answers times as text; milliseconds are what a Date is made of.
const COLUMNS = `pk, key, user_pk as "user", impersonated_pk as impersonated, method, method_args as "methodArgs", ${millis('since')} as since,
  ${millis('last_used')} as "lastUsed", ${millis('expires')} as expires`;

type StoredSession = Omit<SessionRow, 'since' | 'lastUsed' | 'expires'> & {
  readonly since: number;
  readonly lastUsed: number;
  readonly expires: number;
};

type Times = Pick<StoredSession, 'since' | 'lastUsed'>;

function millis(column: string): string {
  return `(extract(epoch from ${column}) * 1000)::float8`;
}

function sessionOf({ since, lastUsed, expires, ...rest }: StoredSession): SessionRow {
  return { ...rest, since: new Date(since), lastUsed: new Date(lastUsed), expires: new Date(expires) };
}

/** The sessions of a transaction's tenant. */
export function sessionsIn(em: EntityManager) {
  return {
    /** A session that has not expired. */
    async find(key: string, now: Date): Promise<SessionRow | undefined> {
      const [row] = await em.execute<StoredSession[]>(FIND, [key, now]);
      return row && sessionOf(row);
    },
    async store(session: NewSession): Promise<void> {
      const { pk, key, user, method, methodArgs, since, expires, address, userAgent } = session;
      await em.execute(STORE, [
        pk,
        key,
        user,
        method,
        JSON.stringify(methodArgs),
        since,
        since,
        expires,
        address,
        userAgent,
      ]);
    },
    /** Notes that a session was used, unless somebody just did. */
    async touch(key: string, use: { now: Date; before: Date; address: string; userAgent: string }): Promise<void> {
      await em.execute(
        'update session set last_used = ?, last_ip = ?, last_user_agent = ? where key = ? and last_used <= ?',
        [use.now, use.address, use.userAgent, key, use.before],
      );
    },
    /** Gives a session another key; false for one that is over. */
    async rekey(key: string, other: string): Promise<boolean> {
      const sql = 'update session set key = ?, updated = now() where key = ? returning 1';
      return (await em.execute<unknown[]>(sql, [other, key])).length === 1;
    },
    /** The sessions of a user that have not expired, in the order in which they began. */
    async ofUser(user: number, now: Date): Promise<ListedSession[]> {
      const rows = await em.execute<(Omit<ListedSession, 'since' | 'lastUsed'> & Times)[]>(OF_USER, [user, now]);
      return rows.map(({ since, lastUsed, ...row }) => ({
        ...row,
        since: new Date(since),
        lastUsed: new Date(lastUsed),
      }));
    },
    /** Lets the user of a session act as somebody else. False for a session that is over, or in which they do so already. */
    async impersonate(key: string, user: number): Promise<boolean> {
      const sql = 'update session set impersonated_pk = ? where key = ? and impersonated_pk is null returning 1';
      return (await em.execute<unknown[]>(sql, [user, key])).length === 1;
    },
    /** Lets the user of a session act as themselves. False where they do so already. */
    async stopImpersonating(key: string): Promise<boolean> {
      const sql = 'update session set impersonated_pk = null where key = ? and impersonated_pk is not null returning 1';
      return (await em.execute<unknown[]>(sql, [key])).length === 1;
    },
    /** Forgets the flow that is under way in a session: it was planned for somebody else. */
    async forgetPlan(key: string): Promise<void> {
      await em.execute(FORGET_PLAN, [key]);
    },
    /** Ends sessions; each is told by one caller only, however many end it at once. */
    async end(ending: Ending): Promise<EndedSession[]> {
      const [where, values] = conditionOf(ending);
      const rows = await em.execute<(AccountFacts & { session: string; key: string })[]>(
        prepared(`with gone as (delete from session where ${where} returning pk, key, user_pk)
         select gone.pk as session, gone.key, a.pk, a.uuid, a.username, a.name, a.email, a.type, a.is_active
         from gone join account a on a.pk = gone.user_pk order by gone.pk`),
        values,
      );
      return rows.map(({ session, key, ...user }) => ({ key, pk: session, user }));
    },
  };
}

const FIND = prepared(`select ${COLUMNS} from session where key = ? and expires > ?`);
const OF_USER =
  prepared(`select pk, key, number::float8 as number, last_ip as address, last_user_agent as "userAgent", ${millis('since')} as since,
  ${millis('last_used')} as "lastUsed" from session where user_pk = ? and expires > ? order by session.number`);
const FORGET_PLAN = prepared('delete from flow_plan where session = ?');
const STORE =
  prepared(`insert into session (pk, key, user_pk, method, method_args, since, last_used, expires, last_ip, last_user_agent)
  values (?, ?, ?, ?, ?::jsonb, ?, ?, ?, ?, ?)`);

const EXPIRED = 'array(select pk from session where expires <= ? order by expires limit ? for update skip locked)';

function conditionOf(ending: Ending): [where: string, values: unknown[]] {
  if ('key' in ending) return ['key = ?', [ending.key]];
  if ('pk' in ending) return ['pk = ?', [ending.pk]];
  if ('before' in ending) return [`pk = any (${EXPIRED})`, [ending.before, ending.limit]];
  if ('impersonated' in ending) return ['impersonated_pk = ?', [ending.impersonated]];
  return ['user_pk = ? and key <> ?', [ending.user, ending.except ?? '']];
}
