import type { Database, EntityManager } from '@postern/database';
import type { JsonObject } from '../plans/index.ts';
import { type Sessions, sessionContext } from '../sessions/index.ts';
import type { StageSessions } from '../stages/index.ts';
import type { Answer } from './headless.answer.ts';
import type { HeadlessSessions, SessionChange } from './headless.repository.ts';
import { EMPTY_STATE, isEmpty, type Login } from './headless.state.ts';
import { Refused, takeBack, type Visit } from './headless.visit.ts';
import { keyOf, newSecret, sessionCookie } from './session.tokens.ts';

/** What storing needs. */
export type SettleDeps = {
  readonly database: Pick<Database, 'write'>;
  readonly store: HeadlessSessions;
  readonly sessions: Pick<Sessions, 'end' | 'rekey'> & Pick<StageSessions, 'issue'>;
};

/** What came of storing. */
export type Settled =
  /** Somebody else changed the session meanwhile: nothing was done. */
  | { readonly kind: 'overtaken' }
  /** An effect refused it: nothing was done but what it wanted done all the same. */
  | { readonly kind: 'refused'; readonly answer: Answer }
  | {
      readonly kind: 'settled';
      /** The secret of the session, where it is a new one. */
      readonly secret?: string;
      /** Key of the session of whoever is signed in from now on. */
      readonly signedIn?: string;
    };

/** Seconds that a session of nobody is kept. */
const WAITING_SECONDS = 24 * 60 * 60;
/** Seconds that a session of somebody is kept. */
const SIGNED_IN_SECONDS = 14 * 24 * 60 * 60;

/** Thrown by an effect that finds that somebody else was faster: nothing is done, and the operation begins again. */
export class Overtaken extends Error {}

/** Does what a visit wants: its effects, the session, and whoever signs in, in one transaction. */
export async function settle(visit: Visit, deps: SettleDeps): Promise<Settled> {
  const before = visit.stored?.state ?? EMPTY_STATE;
  const isTouched = visit.state !== before || visit.ending !== undefined;
  if (!isTouched && visit.effects.length + visit.finishing.length + visit.cookies.length === 0)
    return { kind: 'settled', ...(visit.person && { signedIn: visit.person.session }) };
  try {
    const settled = await deps.database.write({ tenant: visit.tenant }, async (tx) => {
      // First of all, so that of many at once those who lose do nothing.
      if (isTouched && visit.stored && !(await deps.store.claim(tx, visit.stored))) throw new Overtaken();
      for (const effect of visit.effects) await effect(tx);
      const kept: Settled = isTouched
        ? await keep(tx, visit, deps)
        : { kind: 'settled', ...(visit.person && { signedIn: visit.person.session }) };
      for (const last of visit.finishing) await last(tx);
      return kept;
    });
    // What was not stored is worth nothing to a client, and would take the place of what it has.
    for (const cookie of visit.cookies) visit.call.response.cookie(cookie);
    return settled;
  } catch (error) {
    await takeBack(visit);
    if (error instanceof Overtaken) return { kind: 'overtaken' };
    if (!(error instanceof Refused)) throw error;
    const { answer, after } = error;
    if (after !== undefined) await deps.database.write({ tenant: visit.tenant }, after);
    return { kind: 'refused', answer };
  }
}

async function keep(tx: EntityManager, visit: Visit, deps: SettleDeps): Promise<Settled> {
  switch (visit.ending?.kind) {
    case 'flush':
      return flush(tx, visit, deps);
    case 'sign-in':
      return signIn(tx, visit, visit.ending.login, deps);
    case 'cycle':
      return cycle(tx, visit, deps);
    case 'leave':
      return leave(tx, visit, deps);
    default:
      return store(tx, visit, deps);
  }
}

/** Nobody is signed in any more, and nothing is kept. */
async function flush(tx: EntityManager, visit: Visit, { store, sessions }: SettleDeps): Promise<Settled> {
  const { stored, person, tenant, client } = visit;
  if (person)
    await sessions.end(tx, { key: person.session }, 'logout', sessionContext(tenant, person.standing.user, client));
  if (stored && !(await store.remove(tx, stored))) throw new Overtaken();
  visit.state = EMPTY_STATE;
  if (visit.kind === 'browser') visit.cookies.push(sessionCookie(undefined, visit.client));
  return { kind: 'settled' };
}

/** Nobody is signed in any more, and somebody else goes on under another secret. */
async function leave(tx: EntityManager, visit: Visit, deps: SettleDeps): Promise<Settled> {
  const { state } = visit;
  await flush(tx, visit, deps);
  visit.state = state;
  return store(tx, { ...visit, stored: undefined, person: undefined }, deps);
}

/** A new secret, the one that stood before is worth nothing (session fixation); whoever was signed in before is not any more. */
async function signIn(
  tx: EntityManager,
  visit: Visit,
  login: Login & { readonly user: number },
  deps: SettleDeps,
): Promise<Settled> {
  const { stored, person, client } = visit;
  const secret = newSecret(visit.kind);
  const key = keyOf(secret);
  const grant = await deps.sessions.issue(tx, {
    replaces: person?.session ?? stored?.key ?? key,
    endsReplaced: person !== undefined,
    account: login.user,
    method: FLOW_METHODS[login.by] ?? login.by,
    methodArgs: argsOf(login),
    seconds: SIGNED_IN_SECONDS,
    endOthers: false,
    client,
    secret,
  });
  // They may not be signed in: what they showed stays in a session that is nobody's.
  visit.state = { ...visit.state, methods: login.methods, login: undefined };
  if (grant === undefined) return store(tx, visit, deps);
  await put(tx, visit, { key, user: login.user, state: visit.state, expires: expiryOf(visit, true) }, deps);
  if (visit.kind === 'browser') {
    visit.cookies.push(sessionCookie(secret, client), ...grant.cookies);
  }
  return { kind: 'settled', secret, signedIn: key };
}

/** The session goes on under another secret. */
async function cycle(tx: EntityManager, visit: Visit, deps: SettleDeps): Promise<Settled> {
  const { person, client } = visit;
  if (person === undefined) return store(tx, visit, deps);
  const secret = newSecret(visit.kind);
  const key = keyOf(secret);
  const cookie = await deps.sessions.rekey(tx, person.session, { secret, uid: person.standing.uid, client });
  // It ended meanwhile.
  if (cookie === undefined) throw new Overtaken();
  await put(tx, visit, { key, user: person.pk, state: visit.state, expires: expiryOf(visit, true) }, deps);
  if (visit.kind === 'browser') {
    visit.cookies.push(sessionCookie(secret, client), cookie);
  }
  return { kind: 'settled', secret, signedIn: key };
}

/** What the session holds is stored; one that holds something for the first time gets its secret now. */
async function store(tx: EntityManager, visit: Visit, deps: SettleDeps): Promise<Settled> {
  const { stored, person, state } = visit;
  const user = person?.pk ?? null;
  const signedIn = person && { signedIn: person.session };
  const expires = expiryOf(visit, person !== undefined);
  if (stored === undefined && person === undefined) {
    if (isEmpty(state)) return { kind: 'settled' };
    const secret = newSecret(visit.kind);
    await deps.store.add(tx, { key: keyOf(secret), user, state, expires });
    if (visit.kind === 'browser') visit.cookies.push(sessionCookie(secret, visit.client));
    return { kind: 'settled', secret };
  }
  await put(tx, visit, { key: stored?.key ?? person?.session ?? '', user, state, expires }, deps);
  return { kind: 'settled', ...signedIn };
}

async function put(tx: EntityManager, { stored }: Visit, change: SessionChange, { store }: SettleDeps): Promise<void> {
  if (stored === undefined) return store.add(tx, change);
  if (!(await store.change(tx, stored, change))) throw new Overtaken();
}

function expiryOf({ now }: Visit, isSignedIn: boolean): Date {
  return new Date(now.getTime() + (isSignedIn ? SIGNED_IN_SECONDS : WAITING_SECONDS) * 1000);
}

/** How sessions name the ways of signing in. */
const FLOW_METHODS: Readonly<Record<string, string>> = { mfa: 'auth_webauthn_pwl' };

/** What the session tells of its sign-in: that a second factor was asked, where it was. */
function argsOf({ methods }: Login): JsonObject {
  const factors = methods
    .filter(({ method }) => method === 'mfa')
    .map(({ id, type }) => ({ pk: id ?? null, type: type ?? null }));
  return factors.length === 0 ? {} : { mfa_devices: factors };
}
