import { common } from '@postern/errors';
import type { auth } from '@postern/proto';
import type { Call } from '@postern/rpc';
import type { DeviceStore } from '../devices/index.ts';
import { type FlowClient, isJsonObject } from '../plans/index.ts';
import type { Sessions } from '../sessions/index.ts';
import { type Answer, bad, NOT_FOUND, REAUTHENTICATION, TOO_MANY } from './headless.answer.ts';
import type { HeadlessOperation } from './headless.operation.ts';
import { invalid } from './headless.problems.ts';
import type { StoredSession } from './headless.repository.ts';
import { type SettleDeps, type Settled, settle } from './headless.settle.ts';
import { EMPTY_STATE } from './headless.state.ts';
import { type ClientKind, type Person, showedLongAgo, takeBack, type Visit } from './headless.visit.ts';
import type { Presenter } from './presenter.codec.ts';
import type { RateLimits } from './rate.limits.ts';
import { lacksFactor, WITHOUT_FACTOR } from './required.factor.ts';
import { createLanes } from './session.lanes.ts';
import { keyOf, SESSION_ID_COOKIE, SESSION_TOKEN_HEADER, secretIn } from './session.tokens.ts';

/** A request, as RPCs of the API get one. */
export type HeadlessRequest = { readonly client: string; readonly body?: unknown };

/** What the frame needs. */
export type FrameDeps = SettleDeps & {
  readonly sessions: SettleDeps['sessions'] & Pick<Sessions, 'use' | 'readCookie'>;
  readonly settings: { read(tenant: string): Promise<auth.HeadlessSettings> };
  readonly limits: RateLimits;
  readonly presenter: Presenter;
  readonly clock: { now(): Date };
  /** The key of the session that a token of an app stands for, where apps have others than the secret. `gone` for one whose session is over. */
  readonly sessionOfToken: (
    visit: { tenant: string; settings: auth.HeadlessSettings },
    token: string,
  ) => Promise<string | 'gone' | undefined>;
  readonly devices: Pick<DeviceStore, 'has'>;
  /** Whether somebody has a way to show once more who they are. */
  readonly canReauthenticate: (visit: Visit, user: number) => Promise<boolean>;
  /** Tokens that are given beside the secret of a session when somebody has signed in. */
  readonly tokensFor: (visit: Visit, secret: string) => Promise<Readonly<Record<string, string>>>;
};

/** Serves operations. */
export type Frame = {
  /** The handler of an RPC. */
  serve(operation: HeadlessOperation): (request: HeadlessRequest, call: Call) => Promise<auth.HeadlessAnswer>;
};

/** How often an operation begins again when its session changed meanwhile. */
const ROUNDS = 12;

/** Creates the frame. */
export function createFrame(deps: FrameDeps): Frame {
  const inLane = createLanes();
  return {
    serve: (operation) => (request, call) =>
      inLane(laneOf(request, call), async () => {
        for (let round = 0; round < ROUNDS; round++) {
          const answer = await attempt(deps, operation, request, call, round === 0);
          if (answer !== undefined) {
            if (answer.status !== 200) call.response.status(answer.status);
            call.response.header('cache-control', 'max-age=0, no-cache, no-store, must-revalidate, private');
            return answer;
          }
        }
        throw common.UNAVAILABLE();
      }),
  };
}

/** Requests with the same secret are of the same session. */
function laneOf({ client }: HeadlessRequest, { context, headers }: Call): string | undefined {
  const sent =
    client === 'app'
      ? headers[SESSION_TOKEN_HEADER] || headers.authorization
      : context.client.cookies?.[SESSION_ID_COOKIE];
  return sent ? `${context.tenant} ${sent}` : undefined;
}

/** One try; undefined when the session changed meanwhile. */
async function attempt(
  deps: FrameDeps,
  operation: HeadlessOperation,
  request: HeadlessRequest,
  call: Call,
  isFirst: boolean,
): Promise<auth.HeadlessAnswer | undefined> {
  const { tenant } = call.context;
  const settings = await deps.settings.read(tenant);
  const kind = kindOf(request.client, call.context.client.path);
  if (kind === undefined || !settings.clients.includes(kind)) return deps.presenter.bare(404);
  const visit = await open(deps, { tenant, settings, kind, call });
  if (visit === undefined) return deps.presenter.gone({ ...blank({ tenant, settings, kind, call }, deps) });
  const answer = await answerOf(deps, operation, visit, request.body, isFirst).catch(async (error: unknown) => {
    await takeBack(visit);
    throw error;
  });
  const settled = await settle(visit, deps);
  if (settled.kind === 'overtaken') return undefined;
  if (settled.kind === 'refused') {
    const { person, stored } = visit;
    const before = { ...visit, state: stored?.state ?? EMPTY_STATE, ending: undefined };
    return present(deps, before, settled.answer, { kind: 'settled', ...(person && { signedIn: person.session }) });
  }
  return present(deps, visit, answer, settled);
}

async function present(
  deps: FrameDeps,
  visit: Visit,
  answer: Answer,
  settled: Settled & { kind: 'settled' },
): Promise<auth.HeadlessAnswer> {
  const { signedIn, secret } = settled;
  const isNew = signedIn !== undefined && signedIn !== visit.person?.session;
  const found = isNew ? await personOf(deps, visit, signedIn) : signedIn === undefined ? undefined : visit.person;
  const after: Visit = { ...visit, person: found === 'acting' ? undefined : found };
  if (visit.kind === 'app' && secret !== undefined) {
    visit.meta.session_token = secret;
    if (isNew && visit.ending?.kind === 'sign-in') Object.assign(visit.meta, await deps.tokensFor(after, secret));
  }
  return deps.presenter.present(after, answer);
}

const APP_PATH = '/_allauth/app/';

/** The client that the path names. No query makes one of another kind, and so does no odd way of writing a path, which the gateway would read differently. */
function kindOf(client: string, path: string): ClientKind | undefined {
  const kind = client === '' || client === 'browser' ? 'browser' : client === 'app' ? 'app' : undefined;
  return (kind === 'app') === path.startsWith(APP_PATH) ? kind : undefined;
}

type Opening = Pick<Visit, 'tenant' | 'settings' | 'kind' | 'call'>;

function blank(opening: Opening, { clock }: FrameDeps): Visit {
  return {
    ...opening,
    client: clientOf(opening.call),
    now: clock.now(),
    state: EMPTY_STATE,
    effects: [],
    finishing: [],
    undo: [],
    cookies: [],
    meta: {},
  };
}

/** The client as flows know one. */
function clientOf({ context: { client, requestId } }: Call): FlowClient {
  const { address, userAgent, scheme, host, method, path, query, cookies } = client;
  return { address, userAgent, scheme, host, requestId, method, path, query, cookies };
}

/** The session that the request of a browser came with. */
export async function openBrowser(deps: FrameDeps, call: Call): Promise<Visit> {
  const { tenant } = call.context;
  const opening = { tenant, settings: await deps.settings.read(tenant), kind: 'browser', call } as const;
  return (await open(deps, opening)) ?? blank(opening, deps);
}

/** The session that the request came with; undefined for an app whose session is over. */
async function open(deps: FrameDeps, opening: Opening): Promise<Visit | undefined> {
  const { tenant, call, kind } = opening;
  const visit = blank(opening, deps);
  const named = kind === 'app' ? await namedByApp(deps, opening) : await namedByBrowser(deps, call);
  if (named === 'gone') return undefined;
  if (named === undefined) return visit;
  const stored = await deps.store.find(tenant, named.key, visit.now);
  if (stored === undefined && kind === 'app') return undefined;
  if (stored === undefined && !named.isSignedIn) return visit;
  if (stored !== undefined && stored.user === null) return { ...visit, stored, state: stored.state };
  const person = await personOf(deps, visit, named.key);
  // Whoever acts as somebody else is nobody here: all that this API changes is that one's own.
  if (person === 'acting') return visit;
  if (person === undefined) return stored === undefined ? visit : leave(deps, visit, stored);
  return { ...visit, person, ...(stored && { stored, state: stored.state }) };
}

/** Whoever was signed in is not any more: their session goes, and the request is nobody's. */
async function leave({ database, store }: FrameDeps, visit: Visit, stored: StoredSession): Promise<Visit> {
  await database.write({ tenant: visit.tenant }, (tx) => store.remove(tx, stored));
  return visit;
}

type Named = { readonly key: string; readonly isSignedIn: boolean };

async function namedByBrowser({ sessions }: FrameDeps, { context }: Call): Promise<Named | undefined> {
  const { cookies = {}, session = '' } = context.client;
  const secret = secretIn(cookies[SESSION_ID_COOKIE], 'browser');
  if (secret !== undefined) return { key: keyOf(secret), isSignedIn: true };
  // Whoever has signed in by a flow is signed in here, too.
  const claim = session === '' ? undefined : await sessions.readCookie(session);
  return claim?.authenticated ? { key: claim.key, isSignedIn: true } : undefined;
}

const BEARER = /^bearer\s+(\S+)$/i;

async function namedByApp(deps: FrameDeps, { call, tenant, settings }: Opening): Promise<Named | 'gone' | undefined> {
  const sent = call.headers[SESSION_TOKEN_HEADER];
  if (sent !== undefined && sent !== '') {
    const secret = secretIn(sent, 'app');
    return secret === undefined ? 'gone' : { key: keyOf(secret), isSignedIn: false };
  }
  const [, token] = BEARER.exec(call.headers.authorization ?? '') ?? [];
  const key = token === undefined ? undefined : await deps.sessionOfToken({ tenant, settings }, token);
  return key === undefined || key === 'gone' ? key : { key, isSignedIn: false };
}

async function personOf(
  { sessions }: FrameDeps,
  { tenant, call }: Visit,
  key: string,
): Promise<Person | 'acting' | undefined> {
  const live = await sessions.use(tenant, key, call);
  if (live?.impersonator) return 'acting';
  return live && { pk: live.standing.user.pk, standing: live.standing, session: live.session.key };
}

async function answerOf(
  deps: FrameDeps,
  operation: HeadlessOperation,
  visit: Visit,
  body: unknown,
  isFirst: boolean,
): Promise<Answer> {
  const { client, isServed, limit } = operation;
  if ((client !== undefined && client !== visit.kind) || isServed?.(visit) === false) return NOT_FOUND;
  if (operation.gate === 'authenticated' && visit.person === undefined) return { kind: 'authentication' };
  const { needsFactor = operation.gate === 'authenticated' } = operation;
  if (needsFactor && (await lacksFactor(deps, visit))) return WITHOUT_FACTOR;
  if (limit !== undefined && isFirst && !(await deps.limits.use(visit, limit))) return TOO_MANY;
  const given = body ?? {};
  if (!isJsonObject(given)) return bad(invalid('body', 'Enter a JSON object.'));
  const prepared = operation.prepare(visit, given);
  if ('problems' in prepared) return bad(...prepared.problems);
  return (await isReauthenticationDue(deps, operation, visit)) ? REAUTHENTICATION : prepared.run();
}

async function isReauthenticationDue(
  { canReauthenticate }: FrameDeps,
  { reauthentication }: HeadlessOperation,
  visit: Visit,
): Promise<boolean> {
  const { person, settings } = visit;
  if (reauthentication === undefined || person === undefined) return false;
  if (reauthentication === 'if-set' && !settings.reauthentication_required) return false;
  if (typeof reauthentication === 'function' && !(await reauthentication(visit))) return false;
  return showedLongAgo(visit) && (await canReauthenticate(visit, person.pk));
}
