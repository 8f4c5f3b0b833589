import { randomBytes } from 'node:crypto';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Tenants } from '../credentials/tenants.ts';
import { sendError, toPosternError } from '../edge/answer.ts';
import { CSRF_COOKIE } from '../edge/csrf.ts';
import { pagePolicy } from '../edge/security.headers.ts';
import { gatewayErrors } from '../errors/index.ts';
import { renderPageError } from '../errors/page.renderer.ts';
import { loadShell } from './shell.ts';

/** What pages need. */
export type PageDeps = {
  /** Folder of the built web app. */
  webDir: string;
  tenants: Tenants;
  throttle(address: string): void;
};

const YEAR_SECONDS = 31_449_600;
const AREAS = ['/if/user/', '/if/user/*', '/if/admin/', '/if/admin/*', '/account', '/account/*'] as const;
const PAGES = ['/if/flow/:slug/', '/if/session-end/:slug/', ...AREAS] as const;
const SLUG = /^[-a-zA-Z0-9_]{1,50}$/;

/** Serves the single page application and its files. */
export async function registerPages(app: FastifyInstance, { webDir, tenants, throttle }: PageDeps): Promise<void> {
  const shell = loadShell(webDir);
  if (shell) await registerFiles(app, webDir);
  for (const path of PAGES)
    app.get<{ Params: { slug?: string } }>(path, async (request, reply) => {
      const { slug } = request.params;
      if (slug !== undefined && !SLUG.test(slug)) return reply.callNotFound();
      try {
        throttle(request.edge.origin.address);
        if (!shell) throw gatewayErrors.PAGES_MISSING();
        const { looks } = await tenants.resolve(request.edge.origin.host);
        const { html, nonce } = shell.render(looks);
        setCsrfCookie(request, reply);
        return reply
          .header('content-security-policy', pagePolicy(nonce, { isFlow: path.startsWith('/if/flow/') }))
          .header('x-frame-options', 'SAMEORIGIN')
          .header('cache-control', 'no-store')
          .type('text/html; charset=utf-8')
          .send(html);
      } catch (error) {
        return sendError(reply, renderPageError(toPosternError(error, 0), { requestId: request.edge.requestId }));
      }
    });
}

async function registerFiles(app: FastifyInstance, root: string): Promise<void> {
  await app.register(fastifyStatic, {
    root,
    prefix: '/static/dist/',
    index: false,
    cacheControl: false,
    // The build leaves a `.br` and a `.gz` beside a file: nothing is compressed here. Answers of the API hold secrets beside what others may
    // choose, and are never compressed (decision 270).
    preCompressed: true,
    allowedPath: (path) => path !== '/index.html',
    setHeaders: (response, path) => {
      const isHashed = path.includes('/assets/app/');
      response.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'public, max-age=3600');
    },
  });
}

/** Gives a browser its token once; it stays the same until the service that signs in renews it. */
function setCsrfCookie({ cookies, edge }: FastifyRequest, reply: FastifyReply): void {
  if (cookies[CSRF_COOKIE]) return;
  reply.setCookie(CSRF_COOKIE, randomBytes(24).toString('base64url'), {
    path: '/',
    sameSite: 'lax',
    secure: edge.origin.scheme === 'https',
    maxAge: YEAR_SECONDS,
  });
}
