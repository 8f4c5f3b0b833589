import { common, type PosternError } from '@postern/errors';
import type { Operation } from '@postern/proto';
import {
  type ClientInfo,
  type Handed,
  type OutgoingContext,
  type Principal,
  requireAccess,
  type Sealer,
} from '@postern/rpc';
import type { FastifyRequest } from 'fastify';
import {
  type Credential,
  type CredentialMode,
  credentialOf,
  SESSION_COOKIE,
  SESSION_ID_COOKIE,
} from '../credentials/credential.ts';
import type { Caller, Principals } from '../credentials/principals.ts';
import type { Tenants } from '../credentials/tenants.ts';
import { gatewayErrors } from '../errors/index.ts';
import { HEADLESS_CSRF, HEADLESS_FORM_CSRF, requireCsrf } from './csrf.ts';
import { forwardedHeaders } from './forwarded.headers.ts';
import { type HeadlessEdge, isApp } from './headless.edge.ts';
import type { RateLimit } from './rate.limit.ts';

/** A caller who may pass, and what a service is told about the request. */
export type Admitted = {
  readonly caller: Caller;
  readonly context: OutgoingContext;
  /** They lack the permission on everything: whether they hold it on an object, the service that keeps those knows. */
  readonly isUndecided: boolean;
};

/** Decides who gets in. */
export type Guard = {
  /**
   * Finds tenant and caller and lets the request pass. Throws THROTTLED, NOT_FOUND for an unknown host, what the credential
   * check refuses, CSRF_FAILED, UNAUTHENTICATED or PERMISSION_DENIED.
   */
  admit(request: FastifyRequest, rule: Admission): Promise<Admitted>;
  /** Counts a request that nobody is asked about. Throws THROTTLED. */
  throttle(address: string): void;
  /** Callers of a tenant are looked up anew: an operation of theirs may have changed what somebody may do. */
  forget(tenant: string): void;
};

/** What an operation asks of its callers. */
export type Admission = {
  readonly credentials: CredentialMode;
  readonly access: NonNullable<Operation['access']>;
  readonly forwardHeaders: readonly string[];
  /** Whoever has to get a second factor before anything else may call it. */
  readonly isWithoutFactor: boolean;
  /** The body is a form that a page sends without a program: the CSRF token may be a field of it. */
  readonly isForm: boolean;
};

/** What the guard needs. */
export type GuardDeps = {
  tenants: Tenants;
  principals: Principals;
  sealer: Sealer;
  limit: RateLimit;
  /** Origins besides our own whose pages may use the session. */
  trustedOrigins: ReadonlySet<string>;
  headless: Pick<HeadlessEdge, 'trusted'>;
};

const MODES: Readonly<Record<Operation['rest']['credentials'], CredentialMode>> = {
  CREDENTIALS_UNSPECIFIED: 'bearer-or-session',
  CREDENTIALS_SESSION: 'session',
  CREDENTIALS_NONE: 'none',
  CREDENTIALS_REST: 'rest',
  CREDENTIALS_HEADLESS: 'headless',
  UNRECOGNIZED: 'none',
};

const FORM_TYPE = 'application/x-www-form-urlencoded';

/** What an operation declares about its callers; an operation that declares nothing is nobody's. */
export function admissionOf({ access, rest }: Operation): Admission {
  return {
    access: access ?? { kind: 'internal' },
    credentials: MODES[rest.credentials],
    isWithoutFactor: rest.credentials !== 'CREDENTIALS_REST' || rest.without_factor || access?.kind === 'public',
    // Who is to decide about an origin has to see it.
    isForm: rest.credentials === 'CREDENTIALS_HEADLESS' && rest.body_types.includes(FORM_TYPE),
    forwardHeaders: [...rest.forward_headers, ...(rest.origins === 'ORIGINS_BY_SERVICE' ? ['origin'] : [])],
  };
}

/** Creates the guard of all operations. The services check again: what the gateway refuses early saves a call and a body. */
export function createGuard({ tenants, principals, sealer, limit, trustedOrigins, headless }: GuardDeps): Guard {
  function throttle(address: string): void {
    const seconds = limit.take(address);
    if (seconds === 0) return;
    const wait = `${seconds} second${seconds === 1 ? '' : 's'}`;
    throw gatewayErrors.THROTTLED({ wait, retry_after: seconds });
  }

  async function callerOf(
    { edge }: FastifyRequest,
    tenant: string,
    mode: CredentialMode,
    credential: Credential,
    client: Handed,
  ): Promise<Caller> {
    const known = principals.known(tenant, credential);
    if (known) return known;
    // Whoever is not known by a recent answer costs a call: guesses at credentials are counted like anonymous requests.
    throttle(edge.origin.address);
    return principals.resolve(tenant, credential, client).catch((error: unknown) => {
      throw mode === 'rest' && common.CREDENTIALS_INVALID.is(error) ? refusalOf(credential) : error;
    });
  }

  return {
    throttle,
    forget: (tenant) => principals.forget(tenant),
    async admit(request, { credentials, access, forwardHeaders, isForm, isWithoutFactor }) {
      const { edge } = request;
      const host = await tenants.resolve(edge.origin.host);
      edge.host = host;
      const client = sealer.handClient(clientInfo(request, host.tenant));
      const { method, headers, cookies } = request;
      const credential = credentialOf(credentials, headers.authorization, cookies, textOf(headers[SESSION_TOKEN]));
      const caller = await callerOf(request, host.tenant, credentials, credential, client);
      const { principal, token } = caller;
      if (principal.tenant !== host.tenant) throw common.CREDENTIALS_INVALID();
      const asked = { method, headers, cookies, origin: edge.origin };
      // Browsers send cookies by themselves; headers are sent by whoever knows what is in them.
      if (principal.kind === 'user' && credential.kind === 'session') requireCsrf(asked, trustedOrigins);
      if (principal.kind === 'user' && credential.kind === 'session_id')
        requireCsrf(asked, trustedOrigins, HEADLESS_CSRF);
      if (credentials === 'headless' && !isApp(edge.path))
        requireCsrf(asked, await headless.trusted(request), isForm ? HEADLESS_FORM_CSRF : HEADLESS_CSRF);
      if (!isWithoutFactor && caller.lacksFactor && isOfBrowser(credential)) throw gatewayErrors.FACTOR_REQUIRED();
      const isUndecided = lacksOnEverything(access, principal);
      if (!isUndecided) requireAccess(access, principal);
      const context = { principal: token, client, headers: forwardedHeaders(headers, forwardHeaders) };
      return { caller, context, isUndecided };
    },
  };
}

/** Keys and passwords of programs need no second factor. */
function isOfBrowser({ kind }: Credential): boolean {
  return kind === 'session' || kind === 'session_id';
}

function lacksOnEverything(access: Admission['access'], principal: Principal): boolean {
  if (access.kind !== 'permission' || principal.kind !== 'user' || principal.superuser) return false;
  return !principal.permissions.includes(access.permission);
}

const SESSION_TOKEN = 'x-session-token';

/** A header that came once. */
function textOf(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : undefined;
}

/** The words of the REST auth API for a credential that is worth nothing. */
function refusalOf({ kind }: Credential): PosternError {
  return gatewayErrors.CREDENTIAL_REFUSED({
    problem: kind === 'basic' ? 'Invalid username/password.' : 'Invalid token.',
  });
}

function clientInfo({ edge, method, headers, cookies }: FastifyRequest, tenant: string): ClientInfo {
  const { origin, path, query, requestId } = edge;
  return {
    tenant,
    ...origin,
    userAgent: (headers['user-agent'] ?? '').slice(0, 1024),
    method,
    path,
    query,
    ...(isApp(path) ? {} : { session: cookies[SESSION_COOKIE], cookies: carried(cookies) }),
    requestId,
  };
}

/** Cookies besides the session's that services read: who signed in here before, and a second factor that was just proved. */
const CARRIED = ['postern_device', 'authentik_mfa', SESSION_ID_COOKIE, 'mfa_trusted'];
// Longer than any that we set; what is longer is not worth carrying.
const LONGEST_COOKIE = 2048;

function carried(cookies: FastifyRequest['cookies']): Record<string, string> | undefined {
  const found = CARRIED.flatMap((name) => {
    const value = cookies[name];
    return value !== undefined && value.length <= LONGEST_COOKIE ? [[name, value] as const] : [];
  });
  return found.length === 0 ? undefined : Object.fromEntries(found);
}
