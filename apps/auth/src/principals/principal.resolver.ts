import { common } from '@postern/errors';
import type { directory, providers } from '@postern/proto';
import { asService, type Call, type Client, type Principal, type UserPrincipal } from '@postern/rpc';
import type { Standing, StatusGate } from '../accounts/index.ts';
import type { DeviceStore } from '../devices/index.ts';
import { INBUILT_BACKEND, type Passwords, TOKEN_BACKEND } from '../passwords/index.ts';
import type { LiveSession, Sessions } from '../sessions/index.ts';
import type { StageAccounts } from '../stages/index.ts';
import { type Tokens, tokenErrors } from '../tokens/index.ts';

/** Who presented a credential. */
export type Resolved = {
  readonly principal: Principal;
  readonly user?: directory.UserFacts;
  /** Key of the token; absent without one. */
  readonly token?: string;
  /** When the credential itself ends, if it does so soon; the principal ends no later. */
  readonly expires?: Date | undefined;
};

/** What resolving needs. */
export type ResolverDeps = {
  readonly tokens: Pick<Tokens, 'findApi'>;
  readonly sessions: Pick<Sessions, 'readCookie' | 'use' | 'find'>;
  readonly gate: Pick<StatusGate, 'admit'>;
  readonly accounts: Pick<StageAccounts, 'findByIdentifier'>;
  readonly passwords: Pick<Passwords, 'prove'>;
  readonly devices: Pick<DeviceStore, 'has'>;
  /** What clients of the headless API have: the secret of a session, as apps or as browsers get one, or an access token that belongs to one. */
  readonly appSessions: {
    readonly byCookie: (secret: string) => string | undefined;
    readonly bySecret: (secret: string) => string | undefined;
    readonly byToken: (tenant: string, token: string) => Promise<string | undefined>;
  };
  readonly accessTokens: Pick<Client<providers.AccessTokenServiceDefinition>, 'resolveAccessToken'>;
};

/** Turns credentials to principals. */
export type Resolver = {
  /** Throws CREDENTIALS_INVALID, whatever is wrong: unknown, expired, without the scope, of an inactive user. */
  bearer(tenant: string, value: string, call: Call): Promise<Resolved>;
  /**
   * Throws CREDENTIALS_INVALID, whatever is wrong: also for the password of somebody with a second factor, whom an app password lets in. An unknown
   * user takes as long as a wrong password.
   */
  basic(tenant: string, userAndPassword: string, call: Call): Promise<Resolved>;
  /** The secret of an app's session. Throws CREDENTIALS_INVALID, whatever is wrong. */
  sessionToken(tenant: string, secret: string, call: Call): Promise<Resolved>;
  /** A cookie that opens no session makes an anonymous principal. */
  session(tenant: string, cookie: string, call: Call): Promise<Resolved>;
  /** The same for the secret of a session of the headless API. */
  sessionId(tenant: string, secret: string, call: Call): Promise<Resolved>;
};

/** Scope without which an access token is worth nothing here. */
const API_SCOPE = 'goauthentik.io/api';
/** What a Basic header may hold: the password of the account, or an app password. */
const BASIC_BACKENDS = [INBUILT_BACKEND, TOKEN_BACKEND];
/** Access tokens are JWTs; keys of API tokens have no dots. */
const JWT = /^[\w-]+\.[\w-]+\.[\w-]*$/;

/** Creates the resolver. */
export function createResolver(deps: ResolverDeps): Resolver {
  const { tokens, sessions, gate, accounts, passwords, devices, appSessions, accessTokens } = deps;

  async function admit(tenant: string, user: number, call: Call): Promise<Standing> {
    const standing = await gate.admit(tenant, user, call);
    if (!standing) throw common.CREDENTIALS_INVALID();
    return standing;
  }

  async function findAccess(tenant: string, token: string, call: Call) {
    if (!JWT.test(token)) return undefined;
    try {
      return await accessTokens.resolveAccessToken({ token }, asService(tenant, call));
    } catch (error) {
      if (common.NOT_FOUND.is(error) || common.UNIMPLEMENTED.is(error)) return undefined;
      throw error;
    }
  }

  /** Whom an access token stands for, and who really got it while they acted as them. It is worth nothing without its session. */
  async function holderOf(
    tenant: string,
    { user, session }: providers.ResolveAccessTokenResponse,
    call: Call,
  ): Promise<Pick<LiveSession, 'standing' | 'impersonator'>> {
    if (session === '') return { standing: await admit(tenant, user, call) };
    const live = await sessions.find(tenant, session, call);
    if (live?.standing.user.pk === user) return live;
    // What they got as themselves goes on while they act as somebody else.
    if (live?.impersonator?.user.pk === user) return { standing: live.impersonator };
    throw common.CREDENTIALS_INVALID();
  }

  async function live(tenant: string, key: string, call: Call): Promise<Resolved> {
    const found = await sessions.use(tenant, key, call);
    return found ? ofSession(tenant, found) : { principal: { kind: 'anonymous', tenant } };
  }

  /** Whoever is signed in to the session of an app: it is a session like any other, named otherwise. */
  async function ofApp(tenant: string, key: string | undefined, call: Call): Promise<Resolved> {
    const live = key === undefined ? undefined : await sessions.use(tenant, key, call);
    if (!live) throw common.CREDENTIALS_INVALID();
    return ofSession(tenant, live);
  }

  return {
    sessionToken: (tenant, secret, call) => ofApp(tenant, appSessions.bySecret(secret), call),
    async bearer(tenant, value, call) {
      const api = await tokens.findApi(tenant, value);
      if (api) {
        const standing = await gate.admit(tenant, api.user, call);
        // Whoever has the key of a program knows that it was one.
        if (!standing) throw api.accessKey ? tokenErrors.TOKEN_OWNER_INACTIVE() : common.CREDENTIALS_INVALID();
        const expires = api.expiring ? api.expires : undefined;
        return { ...resolved(tenant, standing, { via: 'api_token' }), token: api.pk, expires };
      }
      const session = await appSessions.byToken(tenant, value);
      if (session !== undefined) return ofApp(tenant, session, call);
      const access = await findAccess(tenant, value, call);
      if (!access?.scopes.includes(API_SCOPE)) throw common.CREDENTIALS_INVALID();
      const { standing, impersonator } = await holderOf(tenant, access, call);
      const expires = access.expires === undefined ? undefined : new Date(access.expires);
      const how = { via: 'oauth2' as const, scopes: access.scopes, ...impersonatorOf(impersonator) };
      return { ...resolved(tenant, standing, how), token: access.token, expires };
    },
    async basic(tenant, userAndPassword, call) {
      const colon = userAndPassword.indexOf(':');
      const [value, password] = [userAndPassword.slice(0, colon), userAndPassword.slice(colon + 1)];
      const account = await accounts.findByIdentifier(tenant, { fields: ['username'], value, ignoreCase: false });
      const from = { name: value, client: call.context.client };
      const proof = await passwords.prove(tenant, account, password, BASIC_BACKENDS, from);
      if (!account || !proof) throw common.CREDENTIALS_INVALID();
      // A password alone is not what lets somebody in who has a second factor; an app password is made for it.
      const isAlone = proof.backend === INBUILT_BACKEND;
      if (isAlone && (await devices.has(tenant, account.pk))) throw common.CREDENTIALS_INVALID();
      return resolved(tenant, await admit(tenant, account.pk, call), { via: 'password' });
    },
    async session(tenant, cookie, call) {
      const claim = await sessions.readCookie(cookie);
      if (!claim) return { principal: { kind: 'anonymous', tenant } };
      // The key of a session that was signed in to is never used for one that was not.
      if (!claim.authenticated) return { principal: { kind: 'anonymous', tenant, session: claim.key } };
      return live(tenant, claim.key, call);
    },
    async sessionId(tenant, secret, call) {
      const key = appSessions.byCookie(secret);
      return key === undefined ? { principal: { kind: 'anonymous', tenant } } : live(tenant, key, call);
    },
  };
}

function ofSession(tenant: string, { standing, session, impersonator }: LiveSession): Resolved {
  const how = { via: 'session' as const, session: session.key, ...impersonatorOf(impersonator) };
  return { ...resolved(tenant, standing, how), expires: session.expires };
}

function resolved(
  tenant: string,
  { user, superuser, permissions, roles }: Standing,
  how: Pick<UserPrincipal, 'via' | 'session' | 'scopes' | 'impersonator'>,
): { principal: UserPrincipal; user: directory.UserFacts } {
  const { pk, uuid, username, name, email } = user;
  const who = { pk, uuid, username, name, email, type: typeOf(user) };
  return { principal: { kind: 'user', tenant, user: who, superuser, permissions, roles, ...how }, user };
}

function impersonatorOf(standing: Standing | undefined): Pick<UserPrincipal, 'impersonator'> {
  if (!standing) return {};
  const { pk, uuid, username, name, email } = standing.user;
  return { impersonator: { pk, uuid, username, name, email } };
}

function typeOf({ type }: directory.UserFacts): UserPrincipal['user']['type'] {
  switch (type) {
    case 'external':
    case 'service_account':
    case 'internal_service_account':
      return type;
    default:
      return 'internal';
  }
}
