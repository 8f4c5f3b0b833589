import { type Database, type EntityManager, type SweepBatch, tenantOf } from '@postern/database';
import type { EventContext, Outbox } from '@postern/messaging';
import { fact } from '@postern/messaging';
import type { Cookie } from '@postern/rpc';
import { accountsIn, type StatusGate } from '../accounts/index.ts';
import type { FlowRequest, SessionGrant } from '../plans/index.ts';
import type { SessionIssue } from '../stages/index.ts';
import type { SessionCookies } from './session.cookie.ts';
import { type EndReason, masked, SESSION_CREATED, sessionContext, sessionEnded } from './session.facts.ts';
import { type Ending, sessionsIn } from './session.repository.ts';

/** What the life of sessions needs. */
export type SessionLifeDeps = {
  readonly database: Pick<Database, 'write'>;
  readonly outbox: Pick<Outbox, 'record'>;
  readonly gate: StatusGate;
  readonly cookies: SessionCookies;
  readonly clock: { now(): Date };
  /** Keys of rows. */
  readonly ids: () => string;
};

/** Begins and ends sessions. */
export type SessionLife = {
  /** A session that nobody is signed in to: a cookie, and no row. */
  open(client: Pick<FlowRequest['client'], 'scheme'>): Promise<SessionGrant>;
  /**
   * Signs somebody in: the one place where a session begins. Always under a new secret, so that whoever knew the old one gains nothing
   * (session fixation). Undefined when they may not be signed in.
   */
  issue(em: EntityManager, request: SessionIssue): Promise<SessionGrant | undefined>;
  /** Ends sessions, and tells of each. Ending what is over does nothing. */
  end(em: EntityManager, ending: Ending, reason: EndReason, context: EventContext): Promise<void>;
  /** Ends sessions whose time has passed, a few at a time, tells of each, and answers of how many. */
  expire(em: EntityManager, batch: SweepBatch): Promise<number>;
  /** The session goes on under another secret: whoever knew the old one is out. What hangs on the old key ends with it. Undefined for one that is over. */
  rekey(em: EntityManager, key: string, given: Rekeying): Promise<Cookie | undefined>;
  /** Signs a browser out and gives it a new session. */
  leave(em: EntityManager, key: string, client: FlowRequest['client']): Promise<SessionGrant>;
};

/** The new secret of a session, and whose it is. */
export type Rekeying = {
  readonly secret: string;
  /** Name of the user in protocols. */
  readonly uid: string;
  readonly client: Pick<FlowRequest['client'], 'scheme'>;
};

/** Life of a session that ends with the browser, here, where nobody sees the browser close. */
const BROWSER_LIFE_SECONDS = 14 * 24 * 60 * 60;

/** Creates the life of sessions. */
export function createSessionLife(deps: SessionLifeDeps): SessionLife {
  const { outbox, cookies } = deps;

  async function open({ scheme }: Pick<FlowRequest['client'], 'scheme'>): Promise<SessionGrant> {
    const { key, cookie } = await cookies.mint({ scheme, seconds: 0 });
    return { key, cookies: [cookie] };
  }

  async function end(em: EntityManager, ending: Ending, reason: EndReason, context: EventContext) {
    const ended = await sessionsIn(em).end(ending);
    await outbox.record(
      em,
      context,
      ended.map((session) => sessionEnded(session, reason)),
    );
  }

  return {
    open,
    end,
    async expire(em, { tenant, before, limit }) {
      const ended = await sessionsIn(em).end({ before, limit });
      const facts = ended.map((session) => sessionEnded(session, 'expired'));
      await outbox.record(em, { tenant }, facts);
      return ended.length;
    },
    issue: (em, request) => issue(em, request, deps, end),
    async rekey(em, key, { secret, uid, client: { scheme } }) {
      const minted = await cookies.mint({ scheme, uid, seconds: BROWSER_LIFE_SECONDS, secret });
      return (await sessionsIn(em).rekey(key, minted.key)) ? minted.cookie : undefined;
    },
    async leave(em, key, client) {
      const [gone] = await sessionsIn(em).end({ key });
      if (gone) {
        const context = sessionContext(tenantOf(em), gone.user, client);
        await outbox.record(em, context, sessionEnded(gone, 'logout'));
      }
      return open(client);
    },
  };
}

async function issue(
  em: EntityManager,
  { replaces, endsReplaced, account, method, methodArgs, seconds, endOthers, client, secret }: SessionIssue,
  { outbox, gate, cookies, clock, ids }: SessionLifeDeps,
  end: SessionLife['end'],
): Promise<SessionGrant | undefined> {
  const tenant = tenantOf(em);
  const standing = await gate.admit(tenant, account);
  if (!standing) return undefined;
  const { user, uid } = standing;
  const context = sessionContext(tenant, user, client);
  await accountsIn(em).keep(user);
  if (endsReplaced) await end(em, { key: replaces }, 'replaced', context);
  if (endOthers) await end(em, { user: user.pk }, 'other_sign_in', context);
  const now = clock.now();
  await accountsIn(em).noteLogin(user.pk, now);
  const { key, cookie } = await cookies.mint({ scheme: client.scheme, uid, seconds, secret });
  const lasts = seconds > 0 ? seconds : BROWSER_LIFE_SECONDS;
  const expires = new Date(now.getTime() + lasts * 1000);
  const { address, userAgent } = client;
  const details = masked(methodArgs);
  const session = { pk: ids(), key, user: user.pk, method, methodArgs: details, since: now, expires };
  await sessionsIn(em).store({ ...session, address, userAgent });
  const created = {
    session: key,
    uuid: session.pk,
    user,
    method,
    method_args: details,
    address,
    expires: expires.toISOString(),
  };
  await outbox.record(em, context, fact(SESSION_CREATED, created, { mayWait: true }));
  return { key, cookies: [cookie] };
}
