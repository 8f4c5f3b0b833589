import { createSoftwareAuthenticator } from '@postern/testkit';
/** People set something up and sign in with it, through the whole engine. */

import { expect, it } from 'vitest';
import type { JsonObject } from '../plans/index.ts';
import { aDuo } from '../testing/duo.fixture.ts';
import { anSmsProvider } from '../testing/sms-provider.fixture.ts';
import type { GivenStage } from './flow.builder.ts';
import { aHouse, aPerson } from './flows.fixture.ts';

const DUO = { api_hostname: 'duo.example', client_id: 'DI00', client_secret: 'hush' };
const SMS = { provider: 'twilio', from_number: '+1555', account_sid: 'AC00', auth: 'hush' };
const PASSWORD = 'correct horse';
const alice = aPerson('alice', { password: PASSWORD });
const bob = aPerson('bob', { password: PASSWORD });
const duo = await aDuo(DUO.api_hostname, { ikey: 'DI00', skey: 'hush' }, { ikey: '', skey: '' });
const sms = await anSmsProvider({ sid: 'AC00', token: 'hush' });
const house = await aHouse([alice, bob], { addresses: { twilio: sms.url, duo: duo.url } });

const NAMED: readonly GivenStage[] = [
  { kind: 'identification', settings: { user_fields: ['username'] } },
  { kind: 'password', settings: { backends: ['authentik.core.auth.InbuiltBackend'] } },
];
const VALIDATE = { kind: 'authenticator_validate', settings: { not_configured_action: 'deny' } };
await house.flow('set-up-passkey', [...NAMED, { kind: 'authenticator_webauthn' }]);
await house.flow('set-up-sms', [...NAMED, { kind: 'authenticator_sms', settings: SMS }]);
await house.flow('set-up-duo', [...NAMED, { kind: 'authenticator_duo', settings: DUO }]);
await house.flow('sign-in', [...NAMED, VALIDATE, { kind: 'user_login' }]);
await house.flow('without-a-name', [VALIDATE, { kind: 'user_login' }]);

type Shown = Readonly<Record<string, unknown>>;
type Asked = { device_class: string; device_uid: string; challenge: JsonObject };

const plain = (value: unknown) => JSON.parse(JSON.stringify(value ?? null));

/** Somebody on their way through a flow, past their password. */
async function past(flow: string, person = alice) {
  const browser = house.browser();
  await browser.get(flow);
  await browser.post(flow, { uid_field: person.username });
  const { challenge } = await browser.post(flow, { password: PASSWORD });
  const post = async (answer: JsonObject, deadlineMs?: number) =>
    (await browser.post(flow, answer, '', deadlineMs)).challenge;
  return { browser, challenge, post };
}

function askedOf(challenge: Shown, cls: string): Asked {
  const found = plain(challenge.device_challenges).find(({ device_class }: Asked) => device_class === cls);
  if (found === undefined) throw new Error(`${cls} is not asked: ${JSON.stringify(challenge)}`);
  return found;
}

const signedIn = (key: string | undefined) => house.sessions.get(key ?? '')?.user?.username;

it('signs somebody in with a passkey instead of their name, and nobody with the passkey of another origin', async () => {
  const passkey = createSoftwareAuthenticator('https://id.example');
  const { post, challenge } = await past('set-up-passkey');
  expect(await post({ response: plain(passkey.create(plain(challenge.registration))) })).toMatchObject({ to: '/' });

  const browser = house.browser();
  const opened = await browser.get('without-a-name');
  const asked = askedOf(opened.challenge, 'webauthn');
  expect(asked).toMatchObject({ device_uid: '-1', challenge: { allowCredentials: [], rpId: 'id.example' } });
  const stolen = plain(passkey.get(asked.challenge, { origin: 'https://evil.example' }));
  const refused = (await browser.post('without-a-name', { webauthn: stolen })).challenge;
  expect(plain(refused.response_errors)).toEqual({
    webauthn: { items: [{ string: 'Assertion failed', code: 'invalid' }] },
  });

  const again = askedOf(refused, 'webauthn');
  expect(again.challenge.challenge).not.toBe(asked.challenge.challenge);
  const answer = { webauthn: plain(passkey.get(again.challenge)) };
  expect((await browser.post('without-a-name', answer)).challenge).toMatchObject({ to: '/' });
  expect(signedIn(browser.session)).toBe('alice');

  const replaying = house.browser();
  await replaying.get('without-a-name');
  expect((await replaying.post('without-a-name', answer)).challenge).toMatchObject({ component: VALIDATE_COMPONENT });
});

const VALIDATE_COMPONENT = 'ak-stage-authenticator-validate';

it('signs somebody in with the code that their phone got, once', async () => {
  const setUp = await past('set-up-sms');
  await setUp.post({ phone_number: '+491701000001' });
  await setUp.post({ code: sms.code() });
  const { browser, challenge, post } = await past('sign-in');
  const selected_challenge = askedOf(challenge, 'sms');
  const before = sms.messages.length;
  expect(await post({ code: sms.code() })).toMatchObject({ component: VALIDATE_COMPONENT });
  expect(sms.messages).toHaveLength(before);
  expect(await post({ selected_challenge })).toMatchObject({ component: VALIDATE_COMPONENT });
  expect(sms.messages).toHaveLength(before + 1);
  expect(await post({ code: sms.code() })).toMatchObject({ to: '/' });
  expect(signedIn(browser.session)).toBe('alice');
  const other = await past('sign-in');
  await house.sql('update device set locked_until = null, failures = 0');
  expect(await other.post({ code: sms.code() })).toMatchObject({ component: VALIDATE_COMPONENT });
});

it('signs somebody in who confirms on their device, and nobody who does not', async () => {
  const setUp = await past('set-up-duo', bob);
  for (const user of duo.users) user.status = 'success';
  await setUp.post({ component: 'ak-stage-authenticator-duo' });
  const { browser, challenge, post } = await past('sign-in', bob);
  const selected_challenge = askedOf(challenge, 'duo');
  const answer = { duo: Number(selected_challenge.device_uid) };
  await post({ selected_challenge });
  duo.decide(duo.pushes().at(-1)?.txid ?? '', 'deny');
  const denied = plain((await post(answer)).response_errors);
  expect(denied).toEqual({ duo: { items: [{ string: 'Duo denied access', code: 'denied' }] } });

  const [facts] = await house.sql<{ envelope: Buffer }>(
    "select envelope from outbox where subject = 'auth.v1.session.login_failed' order by seq desc limit 1",
  );
  expect(facts?.envelope.toString('latin1')).toMatch(/duo[\s\S]*duo_response[\s\S]*deny/);
  // What was decided is over: the next answer asks anew, without another choice.
  const before = duo.pushes().length;
  const [passed] = await Promise.all([
    post(answer),
    expect
      .poll(() => duo.pushes().length)
      .toBe(before + 1)
      .then(() => duo.decide(duo.pushes().at(-1)?.txid ?? '', 'allow')),
  ]);
  expect(passed).toMatchObject({ to: '/' });
  expect(signedIn(browser.session)).toBe('bob');
});

it('waits for whoever takes longer than a request, and counts nothing against them', async () => {
  const { browser, challenge, post } = await past('sign-in', bob);
  const answer = { duo: Number(askedOf(challenge, 'duo').device_uid) };
  const before = duo.pushes().length;
  const failures = () => house.sql("select 1 from outbox where subject = 'auth.v1.session.login_failed'");
  const known = await failures();
  const waited = await post(answer, 4_000);
  expect(waited.component).toBe(VALIDATE_COMPONENT);
  expect(plain(waited.response_errors)).toEqual({});
  expect(await failures()).toHaveLength(known.length);
  duo.decide(duo.pushes().at(-1)?.txid ?? '', 'allow');
  expect(await post(answer)).toMatchObject({ to: '/' });
  expect(duo.pushes()).toHaveLength(before + 1);
  expect(signedIn(browser.session)).toBe('bob');
}, 30_000);
