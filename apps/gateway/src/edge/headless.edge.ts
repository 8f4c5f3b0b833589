import type { ReceivedHead } from '@postern/rpc';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SESSION_COOKIE } from '../credentials/credential.ts';
import type { FrontEnds } from '../credentials/front-ends.ts';
import type { Tenants } from '../credentials/tenants.ts';
import { HEADLESS_CSRF, newCsrfToken } from './csrf.ts';

/** What is the same for all operations of the headless sign-in API, and different from all others. Decision 265. */
export type HeadlessEdge = {
  /** Sets what every answer carries: that nobody keeps it, the CSRF token of a browser, and who of other origins may read it. */
  begin(request: FastifyRequest, reply: FastifyReply): Promise<void>;
  /** Whether a request asks, before the one that it is about, if a page may send it. Only pages that may read the answer are told. */
  isPreflight(request: FastifyRequest, reply: FastifyReply): boolean;
  /** What of a service's head reaches the client: apps get no cookies, and whoever signed in gets another CSRF token. */
  headFor(request: FastifyRequest, reply: FastifyReply, head: ReceivedHead | undefined): ReceivedHead | undefined;
  /** Origins whose pages may use cookies, as far as they matter to a request. */
  trusted(request: FastifyRequest): Promise<ReadonlySet<string>>;
};

/** What the edge needs. */
export type HeadlessEdgeDeps = {
  tenants: Pick<Tenants, 'resolve'>;
  frontEnds: Pick<FrontEnds, 'of'>;
  /** Origins that the whole installation trusts. */
  trustedOrigins: ReadonlySet<string>;
  clock: { now(): Date };
};

const APP_CLIENT = '/_allauth/app/';

/** Whether the path is for apps: they show a token in a header, which no other page can make a browser send. Cookies do not count there. */
export function isApp(path: string): boolean {
  return path.startsWith(APP_CLIENT);
}

const NO_STORE = 'max-age=0, no-cache, no-store, must-revalidate, private';
const METHODS = 'GET, POST, PUT, PATCH, DELETE, OPTIONS';
/** Headers by which clients of the API send keys and tokens. */
export const HEADLESS_HEADERS = 'X-CSRFToken, X-Session-Token, X-Email-Verification-Key, X-Password-Reset-Key';
/** A year, as browsers keep the token. */
const TOKEN_SECONDS = 31_449_600;
const TOKEN = /^[\w-]{20,100}$/;

/** Creates the edge. */
export function createHeadlessEdge({ tenants, frontEnds, trustedOrigins, clock }: HeadlessEdgeDeps): HeadlessEdge {
  async function trusted({ headers, edge: { origin } }: FastifyRequest): Promise<ReadonlySet<string>> {
    const asked = headers.origin ?? originOf(headers.referer);
    if (asked === undefined || asked === `${origin.scheme}://${origin.host}` || trustedOrigins.has(asked))
      return trustedOrigins;
    const { tenant } = await tenants.resolve(origin.host);
    return new Set([...trustedOrigins, ...(await frontEnds.of(tenant))]);
  }

  return {
    trusted,
    async begin(request, reply) {
      reply.header('cache-control', NO_STORE).header('expires', clock.now().toUTCString()).header('vary', 'Origin');
      const token = isApp(request.edge.path) ? undefined : giveToken(request, reply);
      const { origin } = request.headers;
      // Who may not be found out lets nobody read.
      const origins = await trusted(request).catch(() => trustedOrigins);
      if (origin === undefined || !origins.has(origin)) return;
      reply
        .header('access-control-allow-origin', origin)
        .header('access-control-allow-credentials', 'true')
        .header('access-control-expose-headers', 'X-authentik-id, X-CSRFToken');
      // A page of another host cannot read the cookie that it has to send back in a header.
      if (token !== undefined) reply.header(HEADLESS_CSRF.header, token);
    },
    isPreflight({ method, headers }, reply) {
      const isAsked = method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
      if (!isAsked || headers.origin === undefined || !reply.hasHeader('access-control-allow-origin')) return false;
      reply
        .header('access-control-allow-methods', METHODS)
        .header('access-control-allow-headers', `Authorization, Content-Type, ${HEADLESS_HEADERS}`)
        .header('access-control-max-age', '600');
      return true;
    },
    headFor(request, reply, head) {
      if (head === undefined) return undefined;
      if (isApp(request.edge.path)) return { ...head, cookies: [] };
      // Whoever knew the token before somebody signed in knows nothing afterwards.
      if (head.cookies.some(({ name, value }) => name === SESSION_COOKIE && value !== '')) {
        const token = setToken(request, reply, newCsrfToken());
        if (reply.hasHeader(HEADLESS_CSRF.header)) reply.header(HEADLESS_CSRF.header, token);
      }
      return head;
    },
  };
}

function originOf(address: string | undefined): string | undefined {
  return address !== undefined && URL.canParse(address) ? new URL(address).origin : undefined;
}

/** Gives a browser its token, or the one that it has for another year. */
function giveToken(request: FastifyRequest, reply: FastifyReply): string {
  const known = request.cookies[HEADLESS_CSRF.cookie];
  return setToken(request, reply, known !== undefined && TOKEN.test(known) ? known : newCsrfToken());
}

function setToken({ edge }: FastifyRequest, reply: FastifyReply, token: string): string {
  const secure = edge.origin.scheme === 'https';
  reply.setCookie(HEADLESS_CSRF.cookie, token, { path: '/', sameSite: 'lax', secure, maxAge: TOKEN_SECONDS });
  return token;
}
