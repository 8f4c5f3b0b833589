import { exportJWK, generateKeyPair } from 'jose';
import * as oidc from 'openid-client';
import type { Api, Json } from './api.client.ts';
import { type Registered, register } from './scenery.ts';

/** Where answers go: nobody listens there, the browser of these tests stops before it. */
export const CALLBACK = 'https://app.example/cb';

/** A client to register, with settings beyond the contract. */
export type ClientOrder = {
  readonly slug: string;
  readonly settings?: Json;
  /** Fields of the provider. */
  readonly provider?: Json;
};

/** Registers a client whose people are asked nothing. */
export async function aClient(api: Api, { slug, settings, provider }: ClientOrder): Promise<Registered> {
  const registered = await register(api, { slug, name: slug, redirectUri: CALLBACK, consent: 'implicit' });
  if (provider) await api.patch(`/providers/oauth2/${registered.provider}/`, provider);
  if (settings) await api.patch(`/api/postern/v1/oauth2/clients/${registered.provider}/settings/`, settings);
  return registered;
}

/** openid-client for it, after discovery. */
export function configured(
  url: string,
  { slug, client }: Registered,
  auth: oidc.ClientAuth = oidc.ClientSecretPost(client.secret),
  metadata: Partial<oidc.ClientMetadata> = {},
): Promise<oidc.Configuration> {
  const issuer = new URL(`${url}/application/o/${slug}/`);
  return oidc.discovery(issuer, client.id, metadata, auth, { execute: [oidc.allowInsecureRequests] });
}

/** A key that a client signs with, and the set that it registers. */
export async function aKey(alg: 'ES256' | 'RS256' = 'ES256') {
  const { publicKey, privateKey } = await generateKeyPair(alg);
  const kid = crypto.randomUUID();
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid, alg, use: 'sig' }] };
  return { key: privateKey, kid, jwks };
}

/** What a code request is made with, and what its answer is checked against. */
export async function aProof() {
  const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
  const [expectedState, expectedNonce] = [oidc.randomState(), oidc.randomNonce()];
  return {
    parameters: {
      redirect_uri: CALLBACK,
      scope: 'openid email profile offline_access',
      state: expectedState,
      nonce: expectedNonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
    },
    checks: { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true },
  };
}
