import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import * as oidc from 'openid-client';

/** An application that trusts the platform: a real client library behind a page that receives the browser. */
export type RelyingParty = {
  /** Where browsers are sent back to. */
  readonly redirectUri: string;
  /** Reads the discovery document; the client is ready then. */
  discover(issuer: string, client: { id: string; secret: string }): Promise<void>;
  /** Where to send the browser, and what to do when it comes back. */
  begin(scope: string): Promise<Authorization>;
  readonly config: () => oidc.Configuration;
  stop(): Promise<void>;
};

/** A sign-in under way. */
export type Authorization = {
  readonly url: string;
  /** Exchanges what the browser came back with, with state, nonce and proof checked. */
  finish(callback: URL): Promise<oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers>;
};

/** Starts an application on a port of its own. */
export async function startRelyingParty(): Promise<RelyingParty> {
  const server = await listen();
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const redirectUri = `http://127.0.0.1:${address.port}/callback`;
  let config: oidc.Configuration | undefined;
  const ready = () => {
    if (!config) throw new Error('discover first');
    return config;
  };
  return {
    redirectUri,
    config: ready,
    async discover(issuer, { id, secret }) {
      config = await oidc.discovery(new URL(issuer), id, secret, undefined, { execute: [oidc.allowInsecureRequests] });
    },
    begin: (scope) => begin(ready(), redirectUri, scope),
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function begin(config: oidc.Configuration, redirectUri: string, scope: string): Promise<Authorization> {
  const verifier = oidc.randomPKCECodeVerifier();
  const [state, nonce] = [oidc.randomState(), oidc.randomNonce()];
  const parameters = {
    redirect_uri: redirectUri,
    scope,
    state,
    nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  };
  return {
    url: oidc.buildAuthorizationUrl(config, parameters).href,
    finish: (callback) =>
      oidc.authorizationCodeGrant(config, callback, {
        pkceCodeVerifier: verifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      }),
  };
}

async function listen(): Promise<Server> {
  const server = createServer((_request, response) => response.end('<h1>Welcome back</h1>'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
