import type { EntityManager } from '@postern/database';
import type { auth } from '@postern/proto';
import type { Call, Cookie } from '@postern/rpc';
import type { Standing } from '../accounts/index.ts';
import type { FlowClient } from '../plans/index.ts';
import type { StageAccount } from '../stages/index.ts';
import type { Answer } from './headless.answer.ts';
import type { StoredSession } from './headless.repository.ts';
import type { HeadlessState, Login, MethodRecord } from './headless.state.ts';

/** Who speaks: a browser with cookies, or an app with a token. */
export type ClientKind = 'browser' | 'app';

/** Somebody who is signed in to the session of a client. */
export type Person = {
  readonly pk: number;
  readonly standing: Standing;
  /** Key of the session. */
  readonly session: string;
};

/** What becomes of the session when the operation is over. */
export type Ending =
  /** Somebody is signed in, under a new secret. */
  | { readonly kind: 'sign-in'; readonly login: Login & { readonly user: number } }
  /** The secret is another one from now on. */
  | { readonly kind: 'cycle' }
  /** Nobody is signed in any more; what the visit holds now is kept under another secret. */
  | { readonly kind: 'leave' }
  /** Nobody is signed in, and nothing is kept. */
  | { readonly kind: 'flush' };

/** What is done in the transaction that stores the session; throw to undo all of it. */
export type Effect = (tx: EntityManager) => Promise<void>;

/** Thrown by an effect that finds that it cannot be: nothing of the visit is stored, and this is the answer. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly answer: Answer;
  /** Done all the same, such as counting a wrong code. */
  readonly after: Effect | undefined;

  constructor(answer: Answer, after?: Effect) {
    super('the request was refused');
    this.answer = answer;
    this.after = after;
  }
}

/** One request, and what it does. Operations change `state`, add effects and name an ending; the frame stores all of it at once. */
export type Visit = {
  readonly tenant: string;
  readonly call: Call;
  readonly kind: ClientKind;
  readonly settings: auth.HeadlessSettings;
  /** The client as flows know one: address, user agent, host. */
  readonly client: FlowClient;
  readonly now: Date;
  /** Who is signed in. */
  readonly person?: Person | undefined;
  /** What the session held when it was read; undefined for one that has held nothing yet. */
  readonly stored?: StoredSession | undefined;
  state: HeadlessState;
  ending?: Ending | undefined;
  readonly effects: Effect[];
  /** The same, done last, when the session is known to be stored as it was read: what is not undone with the transaction, such as changes by other services. */
  readonly finishing: Effect[];
  /** Takes back what other services were asked to do before: called, the last one first, when nothing of the visit was stored. */
  readonly undo: (() => Promise<void>)[];
  /** Cookies that the client gets once all of it is stored. */
  readonly cookies: Cookie[];
  /** Members of `meta` beside `is_authenticated`, such as tokens. */
  readonly meta: Record<string, string>;
};

/** Takes back what other services did for a visit of which nothing is stored: all of it, also where some of it fails. Throws the first failure then. */
export async function takeBack({ undo }: Pick<Visit, 'undo'>): Promise<void> {
  const failures: unknown[] = [];
  for (const one of undo.splice(0).toReversed()) await one().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}

/** Seconds since 1970, as the API tells times. */
export function secondsOf(date: Date): number {
  return date.getTime() / 1000;
}

/** Remembers something between two requests; undefined forgets it. */
export function remember(visit: Visit, slot: string, memory: HeadlessState['slots'][string] | undefined): void {
  const { [slot]: _, ...others } = visit.state.slots;
  visit.state = { ...visit.state, slots: memory === undefined ? others : { ...others, [slot]: memory } };
}

/** Notes how whoever is signed in has shown once more who they are. */
export function noteMethod(visit: Visit, record: Omit<MethodRecord, 'at'> & { readonly method: string }): void {
  const noted: MethodRecord = { ...record, at: secondsOf(visit.now) };
  visit.state = { ...visit.state, methods: [...visit.state.methods, noted] };
}

/** Whether it is so long ago that whoever is signed in showed who they are that what is sensitive asks again. */
export function showedLongAgo({ state, settings, now }: Visit): boolean {
  return secondsOf(now) - (state.methods.at(-1)?.at ?? 0) >= settings.reauthentication_timeout;
}

/** The login that waits, unless it has waited too long. */
export function pendingLogin({ state: { login }, settings, now }: Visit): Login | undefined {
  return login !== undefined && login.began + settings.login_timeout > secondsOf(now) ? login : undefined;
}

/** Somebody who is signed in, as the engine knows accounts. */
export function personAccount({ standing: { user } }: Pick<Person, 'standing'>): StageAccount {
  const { pk, uuid, username, name, email, type, is_active } = user;
  return { pk, uuid, username, name, email, type, isActive: is_active };
}
