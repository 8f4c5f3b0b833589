/** Modules of the OpenID Foundation's suite about what a client asks, for every response type and mode: docs/conformance.md. */

import { providers } from '@postern/proto';
import { decodeJwt } from 'jose';
import { describe, expect, it } from 'vitest';
import { CALLBACK } from '../client.fixture.ts';
import { ADA, aProtocol } from '../protocol.fixture.ts';
import { ACR } from '../vocabulary.ts';
import {
  addRelyingParties,
  createRelyingParty,
  type Module,
  type RelyingParty,
  VARIANTS,
} from './relying.party.fixture.ts';

const protocol = await aProtocol();
await addRelyingParties(protocol);
const { clock, endpoint, origin, signIn, withHead, world } = protocol;

/** A request that only says something besides. */
const passedOver = (name: string, shows: string, change: Readonly<Record<string, string>>): Module => ({
  name,
  shows,
  run: async (party) => void (await party.signsIn(change)),
});

/** A sign-in that has to be repeated: the old one is no answer, and the new one is told. */
async function again(party: RelyingParty, change: Readonly<Record<string, string>>): Promise<void> {
  const session = signIn();
  const { claims: before } = await party.signsIn({}, session);
  clock.advance(2_000);
  const request = party.requestOf(change);
  await party.visit(request, session);
  expect(world.started.at(-1)?.context?.prompts).toEqual(['login']);
  clock.advance(10_000);
  await party.visit(request, session);
  expect((await party.pass(session))?.parameters).toMatchObject({ error: 'login_required', state: 'state-1' });
  await party.visit(request, session);
  const answer = await party.pass(signIn(ADA, session));
  if (!answer) throw new Error('no answer');
  const { claims } = await party.finished(answer, request);
  expect(claims.sub).toBe(before.sub);
  expect(Number(claims.auth_time)).toBeGreaterThan(Number(before.auth_time));
}

/** What a request object without a signature says, and whatever came with it. */
function unsigned(party: RelyingParty, change: object): string {
  const claims = { ...party.requestOf(), iss: party.clientId, aud: party.issuer, ...change };
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part(claims)}.`;
}

/** An error for the client, by the way that its answers travel. */
async function refused(party: RelyingParty, change: Readonly<Record<string, string>>, error: string): Promise<void> {
  const { mode, parameters } = await party.ask(party.requestOf(change));
  expect({ mode, ...parameters }).toMatchObject({ mode: party.mode, error, state: 'state-1', iss: party.issuer });
  expect(parameters).not.toHaveProperty('code');
}

const MODULES: readonly Module[] = [
  {
    name: 'oidcc-response-type-missing',
    shows: 'refuses a request without a response type',
    async run(party) {
      const { parameters } = await party.ask(party.requestOf({ response_type: '' }));
      expect(parameters).toMatchObject({ error: 'invalid_request', state: 'state-1' });
    },
  },
  passedOver('oidcc-display-page', 'takes a wish for a page', { display: 'page' }),
  passedOver('oidcc-display-popup', 'takes a wish for a window', { display: 'popup' }),
  {
    name: 'oidcc-prompt-login',
    shows: 'asks for a new sign-in, and tells when it was',
    run: (party) => again(party, { prompt: 'login' }),
  },
  {
    name: 'oidcc-prompt-none-not-logged-in',
    shows: 'asks nobody anything where that is forbidden',
    async run(party) {
      const visited = await party.visit(party.requestOf({ prompt: 'none' }));
      expect(visited).toMatchObject({ answer: { mode: party.mode, parameters: { error: 'login_required' } } });
    },
  },
  {
    name: 'oidcc-prompt-none-logged-in',
    shows: 'answers at once for somebody who is signed in, with the sign-in that there was',
    async run(party) {
      const session = signIn();
      const { claims: before } = await party.signsIn({}, session);
      clock.advance(2_000);
      const request = party.requestOf({ prompt: 'none' });
      const visited = await party.visit(request, session);
      if (!('answer' in visited)) throw new Error('somebody was asked');
      const { claims } = await party.finished(visited.answer, request);
      expect(claims).toMatchObject({ sub: before.sub, auth_time: before.auth_time });
    },
  },
  {
    name: 'oidcc-max-age-1',
    shows: 'asks for a new sign-in where the last one is too old, and tells when it was',
    run: (party) => again(party, { max_age: '1' }),
  },
  {
    name: 'oidcc-max-age-10000',
    shows: 'takes a sign-in that is young enough, and tells when it was',
    async run(party) {
      const session = signIn();
      const { claims: before } = await party.signsIn({}, session);
      clock.advance(2_000);
      const { claims } = await party.signsIn({ max_age: '10000' }, session);
      expect(world.started.at(-1)?.context?.prompts).toEqual([]);
      expect(claims.auth_time).toBe(before.auth_time);
    },
  },
  passedOver('oidcc-ensure-request-with-unknown-parameter-succeeds', 'passes over a parameter that nobody knows', {
    extra: 'foobar',
  }),
  {
    name: 'oidcc-id-token-hint',
    shows: 'takes an id token for the person that it names',
    async run(party) {
      const session = signIn();
      const { idToken, claims: before } = await party.signsIn({}, session);
      const { claims } = await party.signsIn({ prompt: 'none', id_token_hint: idToken }, session);
      expect(claims.sub).toBe(before.sub);
    },
  },
  {
    name: 'oidcc-login-hint',
    shows: 'hands the name on to the page that signs in',
    async run(party) {
      await party.visit(party.requestOf({ login_hint: 'ada' }));
      expect(world.started.at(-1)?.context?.login_hint).toBe('ada');
      await party.signsIn({ login_hint: 'ada' });
    },
  },
  passedOver('oidcc-ui-locales', 'goes on in a language that it does not have', { ui_locales: 'se' }),
  {
    name: 'oidcc-ensure-request-with-acr-values-succeeds',
    shows: 'names the class of the sign-in',
    run: async (party) => expect((await party.signsIn({ acr_values: '1 2' })).claims.acr).toBe(ACR),
  },
  {
    name: 'oidcc-ensure-registered-redirect-uri',
    shows: 'shows a page of its own for an address that is not registered',
    async run(party) {
      for (const redirect_uri of [`${CALLBACK}/other`, `${CALLBACK}?x=y`, 'https://evil.example/cb', ''])
        await expect(party.visit(party.requestOf({ redirect_uri }), signIn())).rejects.toMatchObject({
          reason: 'REDIRECT_URI_INVALID',
        });
    },
  },
  {
    name: 'oidcc-ensure-post-request-succeeds',
    shows: 'takes a request by form',
    async run(party) {
      const request = party.requestOf();
      const sent = providers.AuthorizeRequest.fromPartial({ ...request, resource: [] });
      const { location = '' } = await withHead((onHead) => endpoint.authorizeByForm(sent, origin({}), { onHead }));
      const back = Object.fromEntries(new URLSearchParams(location.slice(location.indexOf('?'))));
      await party.finished(await party.ask(back), request);
    },
  },
  {
    name: 'oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported',
    shows: 'fetches no request, and says that it does not',
    async run(party) {
      await refused(party, { request_uri: 'https://app.example/request.jwt' }, 'request_uri_not_supported');
      expect(world.reads).toEqual([]);
    },
  },
  {
    name: 'oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported',
    shows: 'takes no request that nobody signed, and says that it does not',
    run: (party) => refused(party, { request: unsigned(party, {}) }, 'request_not_supported'),
  },
  {
    name: 'oidcc-ensure-request-object-with-redirect-uri',
    shows: 'believes no address of a request that nobody signed',
    async run(party) {
      const request = unsigned(party, { redirect_uri: `${CALLBACK}/other` });
      await refused(party, { request }, 'request_not_supported');
      const twisted = party.requestOf({ request, redirect_uri: `${CALLBACK}/other` });
      await expect(party.visit(twisted, signIn())).rejects.toMatchObject({ reason: 'REDIRECT_URI_INVALID' });
    },
  },
];

describe.each(VARIANTS)('$responseType by $responseMode', (variant) => {
  const party = createRelyingParty(protocol, variant);
  it.each(MODULES)('$name: $shows', ({ run }) => run(party));
});

it('tells nobody else by a hint', async () => {
  const party = createRelyingParty(protocol, { responseType: 'code', responseMode: 'default' });
  const other = createRelyingParty(protocol, { responseType: 'code', responseMode: 'default' }, 'rp2');
  const { idToken } = await other.signsIn();
  expect(decodeJwt(idToken).aud).toBe('rp2');
  await refused(party, { id_token_hint: idToken }, 'invalid_request');
});
