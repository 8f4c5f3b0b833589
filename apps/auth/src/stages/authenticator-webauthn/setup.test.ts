import { createSoftwareAuthenticator, type Deviation } from '@postern/testkit';
import { describe, expect, it } from 'vitest';
import { aHouse, aPerson } from '../../flows/flows.fixture.ts';
import type { JsonObject } from '../../plans/index.ts';

const ORIGIN = 'https://id.example';
const alice = aPerson('alice', { password: 'correct horse' });
const bob = aPerson('bob', { password: 'correct horse' });
const house = await aHouse([alice, bob]);
const IDENTIFICATION = { kind: 'identification', settings: { user_fields: ['username'] } };
const PASSWORD = { kind: 'password', settings: { backends: ['authentik.core.auth.InbuiltBackend'] } };
const SECRET = 'correct horse';
const SETUP = { kind: 'authenticator_webauthn', settings: { user_verification: 'required', friendly_name: 'Passkey' } };
await house.flow('set-up', [IDENTIFICATION, PASSWORD, SETUP, { kind: 'dummy' }]);
await house.flow('typed', [IDENTIFICATION, SETUP, { kind: 'dummy' }]);
await house.flow('nobody', [{ kind: 'authenticator_webauthn' }, { kind: 'dummy' }]);

type Options = JsonObject & { challenge: string };

/** Somebody who is asked for a passkey, and the options of it. */
async function anAsked(username = 'alice') {
  const browser = house.browser();
  await browser.get('set-up');
  await browser.post('set-up', { uid_field: username });
  const { challenge } = await browser.post('set-up', { password: SECRET });
  return { browser, options: optionsOf(challenge) };
}

function optionsOf(challenge: Readonly<Record<string, unknown>>): Options {
  expect(challenge.component ?? 'ak-stage-authenticator-webauthn').toBe('ak-stage-authenticator-webauthn');
  return JSON.parse(JSON.stringify(challenge.registration));
}

const errorOf = (challenge: Readonly<Record<string, unknown>>) =>
  JSON.parse(JSON.stringify(challenge.response_errors)).response.items[0];

describe('setting up a passkey', () => {
  it.each<[string, Deviation, RegExp]>([
    ['another origin', { origin: 'https://evil.example' }, /origin "https:\/\/evil.example"/],
    ['the same host on another port', { origin: `${ORIGIN}:8443` }, /origin/],
    ['a page inside another one', { crossOrigin: true }, /foreign page/],
    ['another relying party', { rpId: 'evil.example' }, /RP ID/],
    ['another challenge', { challenge: Buffer.alloc(64).toString('base64url') }, /challenge/],
    ['no verified user, where the stage demands one', { userVerified: false }, /User verification/],
    ['an assertion', { type: 'webauthn.get' }, /response type/],
  ])('refuses %s, and asks with another challenge', async (_what, deviation, reason) => {
    const { browser, options } = await anAsked();
    const { challenge } = await browser.post('set-up', {
      response: createSoftwareAuthenticator(ORIGIN).create(options, deviation),
    });
    const error = errorOf(challenge);
    expect(error.string).toMatch(/^Registration failed\. Error: /);
    expect(error.string).toMatch(reason);
    expect(optionsOf(challenge).challenge).not.toBe(options.challenge);
  });

  it.each<[string, JsonObject]>([
    ['nothing', {}],
    ['texts', { id: 'a', rawId: 'a', type: 'public-key', response: 'b' }],
    [
      'broken CBOR',
      { id: 'a', rawId: 'a', type: 'public-key', response: { clientDataJSON: 'e30', attestationObject: 'AAAA' } },
    ],
  ])('refuses an answer of %s', async (_what, response) => {
    const { browser } = await anAsked();
    const { challenge } = await browser.post('set-up', { response });
    expect(errorOf(challenge).string).toMatch(/^Registration failed\. Error: /);
  });

  it('lets a challenge count once: not after the page was shown again, and not in another browser', async () => {
    const { browser, options } = await anAsked();
    const response = createSoftwareAuthenticator(ORIGIN).create(options);
    const other = await anAsked();
    expect(errorOf((await other.browser.post('set-up', { response })).challenge).string).toMatch(/challenge/);
    const again = optionsOf((await browser.get('set-up')).challenge);
    expect(again.challenge).not.toBe(options.challenge);
    expect(errorOf((await browser.post('set-up', { response })).challenge).string).toMatch(/challenge/);
  });

  it('keeps it for its owner, once in a tenant, and names it to their next authenticator', async () => {
    const { browser, options } = await anAsked();
    expect(options).toMatchObject({
      rp: { name: 'Postern & Co', id: 'id.example' },
      user: { name: 'alice', displayName: 'alice' },
      excludeCredentials: [],
      authenticatorSelection: { residentKey: 'preferred', requireResidentKey: false, userVerification: 'required' },
      attestation: 'none',
      timeout: 60_000,
    });
    const passkey = createSoftwareAuthenticator(ORIGIN);
    // What an authenticator says about its maker is not asked for, and not judged.
    const passed = await browser.post('set-up', {
      response: passkey.create(options, {}, ['made-up', new Map([['x', 'y']])]),
    });
    expect(passed.challenge.component).toBe('ak-stage-dummy');
    const [row] = await house.sql('select user_pk, class, name, confirmed, natural_key, data from device');
    expect(row).toMatchObject({
      user_pk: alice.pk,
      class: 'webauthn',
      name: 'WebAuthn Device',
      confirmed: true,
      natural_key: passkey.id,
      data: { counter: 0, rp_id: 'id.example', transports: ['internal'] },
    });

    const second = await anAsked();
    expect(second.options.excludeCredentials).toEqual([
      { id: passkey.id, type: 'public-key', transports: ['internal'] },
    ]);
    const stolen = await anAsked('bob');
    const { challenge } = await stolen.browser.post('set-up', { response: passkey.create(stolen.options) });
    expect(errorOf(challenge)).toEqual({ string: 'Credential ID already exists.', code: 'invalid' });
    expect(await house.sql('select 1 from device')).toHaveLength(1);
  });

  it('is for somebody who proved who they are: nobody, and names that were only typed, are denied', async () => {
    const { challenge } = await house.browser().get('nobody');
    expect(challenge).toMatchObject({ component: 'ak-stage-access-denied', error_message: 'No pending user.' });
    const browser = house.browser();
    await browser.get('typed');
    for (const uid_field of ['mallory', 'alice']) {
      const denied = await browser.post('typed', { uid_field });
      expect(denied.challenge).toMatchObject({
        component: 'ak-stage-access-denied',
        error_message: 'No pending user.',
      });
      await browser.get('typed');
    }
  });
});
