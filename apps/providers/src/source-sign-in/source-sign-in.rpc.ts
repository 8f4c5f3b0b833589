import { providers } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import { type BegunStates, challengeOf } from './begun.state.ts';
import type { Discovery } from './discovery.ts';
import type { ReadDocument } from './document.reader.ts';
import { readUserInfo, redeem } from './exchange.ts';
import type { VerifyIdToken } from './id-token.verifier.ts';
import { identityOf } from './identity.codec.ts';
import type { ListedSource, SignInSources } from './sign-in-source.repository.ts';
import { sourceSignInErrors } from './source-sign-in.errors.ts';

/** What the service is made of. */
export type SourceSignInParts = {
  readonly sources: SignInSources;
  readonly states: BegunStates;
  readonly discover: Discovery;
  readonly read: ReadDocument;
  readonly verify: VerifyIdToken;
};

/** Implements signing in by sources. */
export function bindSourceSignIn({ sources, states, discover, read, verify }: SourceSignInParts): BoundService {
  return bind(providers.SourceSignInServiceDefinition, {
    listSignInSources: async (_, { context }) => ({ sources: (await sources.list(context.tenant)).map(encode) }),

    async beginSourceSignIn({ source: slug, redirect_uri }, { context }) {
      const source = await sources.get(context.tenant, slug);
      const { authorizationEndpoint } = await discover(source.discoveryUrl);
      const { begun, sealed } = states.begin(source.pk, redirect_uri);
      const url = new URL(authorizationEndpoint);
      const asked = {
        response_type: 'code',
        client_id: source.clientId,
        redirect_uri,
        scope: source.scope,
        state: begun.state,
        nonce: begun.nonce,
        code_challenge: challengeOf(begun.verifier),
        code_challenge_method: 'S256',
      };
      for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
      return { url: url.href, state: begun.state, sealed };
    },

    async completeSourceSignIn({ source: slug, sealed, state, code, iss }, { context }) {
      const { tenant } = context;
      const source = await sources.get(tenant, slug);
      const begun = states.open(sealed, { source: source.pk, state });
      const metadata = await discover(source.discoveryUrl);
      // RFC 9207, section 2.4: an answer of another server than the one asked is none.
      if (iss === '' ? metadata.namesIssuer : iss !== metadata.issuer) throw sourceSignInErrors.SOURCE_STATE_INVALID();
      const { idToken, accessToken } = await redeem(read, source, metadata, { code, begun });
      const expected = { tenant, source, metadata, nonce: begun.nonce };
      const claims = await verify(idToken, { ...expected, ...(accessToken === undefined ? {} : { accessToken }) });
      const more = await readUserInfo(read, metadata, { accessToken, sub: claims.sub });
      return identityOf(source.pk, { ...more, ...claims });
    },

    async verifySourceToken({ source: slug, client_id, id_token, access_token }, { context }) {
      const { tenant } = context;
      const source = await sources.get(tenant, slug);
      if (client_id !== source.clientId || id_token === '') throw sourceSignInErrors.SOURCE_TOKEN_INVALID();
      const metadata = await discover(source.discoveryUrl);
      const expected = { tenant, source, metadata, ...(access_token === '' ? {} : { accessToken: access_token }) };
      return identityOf(source.pk, await verify(id_token, expected));
    },
  });
}

function encode({ pk, slug, name, clientId, discoveryUrl, isServed }: ListedSource): providers.SignInSource {
  const served = { redirects: isServed, takes_tokens: isServed };
  return { pk, slug, name, client_id: clientId, openid_configuration_url: discoveryUrl, ...served };
}
