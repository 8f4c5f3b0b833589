import { auth, providers } from '@postern/proto';
import { type BoundService, bind, type Call } from '@postern/rpc';
import type { createResolveAccessToken } from './access/index.ts';
import type { Authorize, AuthorizeByForm, CompleteAuthorization, PushAuthorization } from './authorize/index.ts';
import type { Discovery } from './discovery/index.ts';
import { createEndSessionRpc, type EndSession } from './end-session/index.ts';
import type { Introspection } from './introspection/index.ts';
import type { Revocation } from './revocation/index.ts';
import type { TokenExchange } from './token/index.ts';
import type { UserInfo } from './userinfo/index.ts';

/** The endpoints. */
export type OAuth2Endpoints = {
  readonly authorize: Authorize;
  readonly authorizeByForm: AuthorizeByForm;
  readonly push: PushAuthorization;
  readonly complete: CompleteAuthorization;
  readonly exchange: TokenExchange;
  readonly userInfo: UserInfo;
  readonly discovery: Discovery;
  readonly introspect: Introspection;
  readonly revoke: Revocation;
  readonly endSession: EndSession;
  readonly resolveAccessToken: ReturnType<typeof createResolveAccessToken>;
};

const NO_BODY = { content_type: 'text/plain', data: Buffer.alloc(0), extensions: [] };

/** Serves the endpoints: an outcome becomes the head of an HTTP answer, or its body. */
export function createOAuth2Rpc(endpoints: OAuth2Endpoints): BoundService[] {
  const { discovery } = endpoints;
  return [
    bind(providers.OAuth2ProtocolServiceDefinition, {
      authorize: async (request, call) => {
        call.response.header('cache-control', 'no-store');
        const answer = await endpoints.authorize(request, call);
        if (answer.kind === 'page') return page(answer, call);
        call.response.redirect(answer.url);
        return NO_BODY;
      },
      authorizeByForm: async (request, call) => {
        call.response.redirect(await endpoints.authorizeByForm(request, call), 303);
        call.response.header('cache-control', 'no-store');
        return NO_BODY;
      },
      pushAuthorization: endpoints.push,
      exchangeToken: endpoints.exchange,
      getUserInfo: async (request, call) => {
        const claims = await endpoints.userInfo(request, call);
        return typeof claims === 'string' ? jwt(claims) : json(claims);
      },
      getDiscovery: ({ application_slug }, call) => discovery.document(application_slug, call),
      getJwks: ({ application_slug }, call) => discovery.keys(application_slug, call),
      redirectToDiscovery: async ({ application_slug }, call) => {
        call.response.redirect(await discovery.path(application_slug, call));
        return {};
      },
      introspectToken: async (request, call) => json(await endpoints.introspect(request, call)),
      revokeToken: async (request, call) => {
        await endpoints.revoke(request, call);
        return {};
      },
      endSession: async (request, call) => {
        call.response.header('cache-control', 'no-store');
        const answer = await endpoints.endSession.byLink(request, call);
        if (answer.kind === 'page') return page(answer, call);
        call.response.redirect(answer.url);
        return NO_BODY;
      },
    }),
    createEndSessionRpc(endpoints.endSession),
    bind(auth.FlowCompletionServiceDefinition, { complete: endpoints.complete }),
    bind(providers.AccessTokenServiceDefinition, { resolveAccessToken: endpoints.resolveAccessToken }),
  ];
}

function page({ html, policy }: { html: string; policy: string }, call: Call) {
  call.response.header('content-security-policy', policy);
  return { content_type: 'text/html; charset=utf-8', data: Buffer.from(html), extensions: [] };
}

function json(value: Readonly<Record<string, unknown>>) {
  return { content_type: 'application/json', data: Buffer.from(JSON.stringify(value)), extensions: [] };
}

function jwt(token: string) {
  return { content_type: 'application/jwt', data: Buffer.from(token), extensions: [] };
}
