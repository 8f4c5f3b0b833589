/** Modules of the OpenID Foundation's suite that read what a provider says of itself: docs/conformance.md. */

import { expect, it } from 'vitest';
import { aProtocol } from '../protocol.fixture.ts';
import { addRelyingParties } from './relying.party.fixture.ts';

const protocol = await aProtocol();
await addRelyingParties(protocol);
const { endpoint, origin } = protocol;
const document = await endpoint.getDiscovery({ application_slug: 'rp' }, origin({}));

it('oidcc-discovery-endpoint-verification: names every endpoint by https, and what is served', async () => {
  const addresses = Object.entries(document).filter(([name]) => /(_endpoint|_uri|^issuer)$/.test(name));
  expect(addresses.length).toBeGreaterThan(8);
  for (const [, address] of addresses) expect(new URL(String(address)).protocol).toBe('https:');
  expect(document.issuer).toBe('https://id.example/application/o/rp/');
  expect(document).toMatchObject({
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256'],
    response_types_supported: expect.arrayContaining(['code', 'id_token', 'id_token token']),
    grant_types_supported: expect.arrayContaining(['authorization_code', 'implicit']),
    scopes_supported: expect.arrayContaining(['openid', 'profile', 'email', 'address', 'phone']),
    claims_supported: expect.arrayContaining(['sub', 'name', 'email', 'address', 'phone_number']),
    code_challenge_methods_supported: expect.arrayContaining(['S256']),
    request_parameter_supported: false,
    request_uri_parameter_supported: false,
  });
  const { keys } = await endpoint.getJwks({ application_slug: 'rp' }, origin({}));
  expect(keys).toMatchObject([{ kty: 'EC', use: 'sig', alg: 'ES256', kid: expect.any(String) }]);
});

it('oidcc-rp-initiated-logout-discovery-endpoint-verification: names where sessions end', () => {
  expect(document.end_session_endpoint).toBe('https://id.example/application/o/rp/end-session/');
});

it('oidcc-frontchannel-logout-discovery-endpoint-verification: tells clients by frames, with the session', () => {
  const said = { frontchannel_logout_supported: true, frontchannel_logout_session_supported: true };
  expect(document).toMatchObject({ ...said, end_session_endpoint: expect.stringMatching(/^https:/) });
});

it('oidcc-backchannel-logout-discovery-endpoint-verification: tells clients by a token, with the session', () => {
  const said = { backchannel_logout_supported: true, backchannel_logout_session_supported: true };
  expect(document).toMatchObject({ ...said, end_session_endpoint: expect.stringMatching(/^https:/) });
});
