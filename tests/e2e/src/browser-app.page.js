import * as oauth from '/oauth4webapi.js';

/** The app itself, as its author would write it: everything by `fetch`, with bound tokens. Tests call what stands on `window.app`. */

const HTTP = { [oauth.allowInsecureRequests]: true };
const redirectUri = `${location.origin}/callback`;
const kept = (name) => sessionStorage.getItem(name) ?? '';

async function discover(issuer) {
  const at = new URL(issuer);
  return oauth.processDiscoveryResponse(at, await oauth.discoveryRequest(at, { ...HTTP, algorithm: 'oauth2' }));
}

/** Sends the person to sign in. */
async function begin(issuer, clientId) {
  const as = await discover(issuer);
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  Object.entries({ issuer, clientId, verifier, state }).forEach(([name, value]) => {
    sessionStorage.setItem(name, value);
  });
  const url = new URL(as.authorization_endpoint);
  url.search = new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: 'openid email offline_access',
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  });
  location.assign(url);
}

/** Redeems what the person came back with; answers who they are, by user info, before and after the tokens are revoked. */
async function finish() {
  const as = await discover(kept('issuer'));
  const client = { client_id: kept('clientId') };
  const DPoP = oauth.DPoP(client, await oauth.generateKeyPair('ES256'));
  const options = { ...HTTP, DPoP };
  const callback = oauth.validateAuthResponse(as, client, new URL(location.href), kept('state'));
  const redeem = () =>
    oauth.authorizationCodeGrantRequest(as, client, oauth.None(), callback, redirectUri, kept('verifier'), options);
  const tokens = await oauth.processAuthorizationCodeResponse(as, client, await redeem(), { requireIdToken: true });
  const { sub } = oauth.getValidatedIdTokenClaims(tokens);
  const ask = () => oauth.userInfoRequest(as, client, tokens.access_token, options);
  const person = await oauth.processUserInfoResponse(as, client, sub, await ask());
  const revoked = await oauth.revocationRequest(as, client, oauth.None(), tokens.refresh_token, HTTP);
  await oauth.processRevocationResponse(revoked);
  const over = await (await ask()).json();
  const again = await redeem();
  return { type: tokens.token_type, email: person.email, over: over.error, again: await again.json() };
}

/** What a page learns of an answer: its status, or that the browser keeps it away. */
const peek = (url, init) =>
  fetch(url, init).then(
    ({ status }) => status,
    (error) => error.name,
  );

window.app = { begin, finish, peek };
