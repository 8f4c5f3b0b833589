import { randomUUID } from 'node:crypto';
import { createSoftwareAuthenticator } from '@postern/testkit';
import { generateSync } from 'otplib';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../plans/index.ts';
import { aDuo } from '../testing/duo.fixture.ts';
import { aCaptchaService } from '../testing/siteverify.fixture.ts';
import { anSmsProvider } from '../testing/sms-provider.fixture.ts';
import { aHouse, aPerson } from './flows.fixture.ts';

const alice = aPerson('alice', { password: 'correct horse' });
const sms = await anSmsProvider({ sid: 'AC00', token: 'hush' });
const DUO = { api_hostname: 'duo.example', client_id: 'DI00', client_secret: 'hush' };
const duo = await aDuo(DUO.api_hostname, { ikey: 'DI00', skey: 'hush' }, { ikey: '', skey: '' });
const passkey = createSoftwareAuthenticator('https://id.example');
const house = await aHouse([alice], { addresses: { twilio: sms.url, duo: duo.url } });

const prompts = [
  ['00000000-0000-4000-8000-000000000001', 'nick', 'text'],
  ['00000000-0000-4000-8000-000000000002', 'age', 'number'],
  ['00000000-0000-4000-8000-000000000003', 'password', 'password'],
  ['00000000-0000-4000-8000-000000000004', 'password_repeat', 'password'],
] as const;
const PHONE = '00000000-0000-4000-8000-000000000005';
for (const [pk, key, type] of [...prompts, [PHONE, 'phone', 'text'] as const]) {
  await house.sql(
    `insert into prompt (pk, tenant_id, name, field_key, label, type, initial_value_expression)
     values ($1, $2, $3, $3, $3, $4, false)`,
    [pk, house.tenant, key, type],
  );
}
const fields = prompts.map(([pk]) => pk);
const identification = { kind: 'identification', settings: { user_fields: ['username'] } };
const password = {
  kind: 'password',
  settings: { backends: ['authentik.core.auth.InbuiltBackend'], failed_attempts_before_cancel: 99 },
};
const phone = { kind: 'prompt', settings: { fields: [PHONE] } };
const captchas = await aCaptchaService('hush');
captchas.knows('good');
const rememberMe = { kind: 'user_login', settings: { remember_me_offset: 'days=30' } };

type Shown = Readonly<Record<string, unknown>>;

const SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
const codeOf = (secret: string) => ({ code: generateSync({ secret }) });

/** Gives alice an authenticator app. */
const giveApp = () =>
  house.sql(`insert into device (tenant_id, user_pk, class, name, secret) values ($1, $2, 'totp', 'app', $3)`, [
    house.tenant,
    alice.pk,
    house.db.secrets.seal(SECRET, 'device.secret'),
  ]);

/** What is left of an object as JSON. */
const plain = (object: object): JsonObject => JSON.parse(JSON.stringify(object));

/** What leads past the stages that come before. */
const PASSING: Readonly<Record<string, JsonObject>> = {
  identification: { uid_field: 'alice' },
  password: { password: 'correct horse' },
  prompt: { phone: '+491701000000' },
};

/** Every kind of stage that asks: what leads to it, and an answer that is good. */
const KINDS: {
  kind: string;
  before: { kind: string; settings: JsonObject }[];
  settings?: JsonObject;
  given?: () => Promise<unknown>;
  good: JsonObject | ((shown: Shown) => JsonObject);
}[] = [
  { ...identification, before: [], good: { uid_field: 'alice' } },
  { ...password, before: [identification], good: { password: 'correct horse' } },
  { ...rememberMe, before: [identification], good: { remember_me: false } },
  { kind: 'consent', before: [], settings: { mode: 'always_require' }, good: { token: 'TOKEN' } },
  { kind: 'dummy', before: [], good: { component: 'ak-stage-dummy' } },
  {
    kind: 'authenticator_totp',
    before: [identification, password],
    good: (shown) => codeOf(/secret=(\w+)/.exec(String(shown.config_url))?.[1] ?? SECRET),
  },
  {
    kind: 'authenticator_static',
    before: [identification, password],
    good: { component: 'ak-stage-authenticator-static' },
  },
  {
    kind: 'authenticator_webauthn',
    before: [identification, password],
    good: (shown) => ({ response: plain(passkey.create(plain(shown.registration ?? {}))) }),
  },
  {
    kind: 'authenticator_sms',
    before: [identification, password, phone],
    settings: { provider: 'twilio', from_number: '+1555', account_sid: 'AC00', auth: 'hush' },
    good: () => ({ code: sms.code() }),
  },
  {
    kind: 'authenticator_duo',
    before: [identification, password],
    settings: DUO,
    good: () => {
      for (const user of duo.users) user.status = 'success';
      return { component: 'ak-stage-authenticator-duo' };
    },
  },
  {
    kind: 'authenticator_validate',
    before: [identification, password],
    given: giveApp,
    good: () => codeOf(SECRET),
  },
  {
    kind: 'captcha',
    before: [],
    settings: { public_key: 'open', private_key: 'hush', api_url: captchas.url },
    good: { token: 'good' },
  },
  {
    kind: 'prompt',
    before: [],
    settings: { fields },
    good: { nick: 'al', age: 4, password: 'new', password_repeat: 'new' },
  },
];

/** Answers that complete nothing, whatever the stage. */
const BAD: JsonObject[] = [
  {},
  { component: 'ak-stage-flow-error' },
  { component: 'ak-stage-access-denied', uid_field: 'alice', password: 'correct horse', remember_me: true },
  { unknown: 1 },
  { uid_field: '', password: '', remember_me: 'perhaps', token: '' },
  { uid_field: null, password: null, remember_me: null, token: null, nick: null },
  { uid_field: ['alice'], password: { a: 1 }, remember_me: [true], token: {}, nick: [], age: {} },
  { component: 1, token: 'not the token that was shown', nick: '', age: 'old' },
  { uid_field: '\u0000', password: '\u0000', token: '\u0000', nick: '\u0000', code: '\u0000' },
  { code: '000000', token: '000000' },
  { code: '', webauthn: 1, duo: 'x', selected_challenge: [], selected_stage: 'y', response: {} },
  { code: { a: 1 }, webauthn: {}, duo: 0, selected_challenge: { device_class: 'totp' }, selected_stage: null },
];

describe.each(KINDS)('the $kind stage', ({ kind, before, settings = {}, given, good }) => {
  const slug = `property-${kind}`;

  it('is completed by no answer that is empty, malformed, misdirected or out of order, and by a good one', async () => {
    await house.flow(slug, [...before, { kind, settings }, { kind: 'dummy' }]);
    const browser = house.browser();
    await given?.();
    const early = await browser.post(slug, typeof good === 'function' ? good({}) : good);
    const opening = before.length === 0 ? kind : 'identification';
    expect(early.challenge.component, 'an answer to a challenge that was not shown').toBe(componentOf(opening));
    for (const stage of before) await browser.post(slug, PASSING[stage.kind] ?? {});
    for (const bad of BAD) {
      const { challenge } = await browser.post(slug, bad);
      expect(challenge.component, JSON.stringify(bad)).toBe(componentOf(kind));
    }
    const { challenge } = await browser.get(slug);
    const wanted = typeof good === 'function' ? good(challenge) : good;
    const answer = wanted.token === 'TOKEN' ? { token: String(challenge.token) } : wanted;
    if (kind === 'authenticator_validate') await house.sql('update device set locked_until = null');
    expect((await browser.post(slug, answer)).challenge.component).toBe('ak-stage-dummy');
    const repeated = await browser.post(slug, { ...answer, component: componentOf(kind) });
    if (kind !== 'dummy') expect(repeated.challenge.component, 'the same answer again').toBe('ak-stage-dummy');
    await house.sql('delete from device');
  }, 30_000);
});

function componentOf(kind: string): string {
  return `ak-stage-${kind.replaceAll('_', '-')}`;
}

it('compares two passwords and leaves neither in the plan', async () => {
  await house.flow('enroll', [{ kind: 'prompt', settings: { fields } }, { kind: 'dummy' }]);
  const browser = house.browser();
  await browser.get('enroll');
  const answer = { nick: 'al', age: 4, password: 'hunter2', password_repeat: 'hunter3' };
  const { challenge } = await browser.post('enroll', answer);
  expect(challenge.response_errors).toEqual({
    non_field_errors: { items: [{ string: "Passwords don't match.", code: 'invalid' }] },
  });
  await browser.post('enroll', { ...answer, password_repeat: 'hunter2' });
  const [row] = await house.sql<{ plan: { context: object } }>('select plan from flow_plan where session = $1', [
    browser.session,
  ]);
  expect(row?.plan.context).toEqual({ prompt_data: { nick: 'al', age: 4 }, new_password_hash: 'hashed 2retnuh' });
});

it('offers people what is known about them, and lets them change what they may', async () => {
  const browser = house.browser();
  await browser.get('default-authentication-flow');
  await browser.post('default-authentication-flow', { uid_field: 'alice' });
  await browser.post('default-authentication-flow', { password: 'correct horse' });
  const flow = 'default-user-settings-flow';
  const { challenge } = await browser.get(flow);
  expect(challenge.fields).toMatchObject([
    { field_key: 'username', initial_value: 'alice' },
    { field_key: 'name', initial_value: 'alice' },
    { field_key: 'email', initial_value: 'alice@example.com' },
    { field_key: 'attributes.settings.locale', initial_value: '' },
  ]);
  const same = { username: 'alice', name: 'alice', email: 'alice@example.com', 'attributes.settings.locale': '' };
  expect((await browser.post(flow, { ...same, username: 'bob' })).challenge).toMatchObject({
    response_errors: { non_field_errors: { items: [{ string: 'Not allowed to change username.' }] } },
  });
  expect((await browser.post(flow, same)).challenge).toMatchObject({ component: 'xak-flow-redirect' });
});

it('computes values that are programs, and shows nothing where one fails', async () => {
  const keys = [randomUUID(), randomUUID()];
  const [failing, choosing] = keys;
  const insert = `insert into prompt (pk, tenant_id, name, field_key, label, type, "order", placeholder, placeholder_expression)
    values ($1, $2, $3, $3, $3, $4, $5, $6, true)`;
  await house.sql(insert, [failing, house.tenant, 'failing', 'text', 1, 'return 1 / 0']);
  const choices = 'return ["a", 2, f"for {user.username}"]';
  await house.sql(insert, [choosing, house.tenant, 'choosing', 'dropdown', 2, choices]);
  await house.flow('computed', [{ kind: 'prompt', settings: { fields: keys } }]);
  const { challenge } = await house.browser().get('computed');
  expect(challenge.fields).toMatchObject([
    { field_key: 'failing', placeholder: '' },
    { field_key: 'choosing', choices: ['a', '2', 'for '], initial_value: 'a', placeholder: '' },
  ]);
  const told = await house.sql("select 1 from outbox where subject = 'auth.v1.event.recorded' and tenant_id = $1", [
    house.tenant,
  ]);
  expect(told).toHaveLength(1);
}, 60_000);

it('starts the flow again after a refused answer where the binding says so', async () => {
  const binding = { invalid_response_action: 'restart' };
  await house.flow('restarts', [identification, { ...password, binding }]);
  const browser = house.browser();
  await browser.get('restarts');
  await browser.post('restarts', { uid_field: 'alice' });
  const { challenge } = await browser.post('restarts', { password: 'wrong' });
  expect(challenge).toMatchObject({ component: 'ak-stage-identification' });
});

it('says no more than the request id when a stage breaks', async () => {
  await house.flow('broken', [{ kind: 'dummy', settings: { throw_error: true } }]);
  const { challenge } = await house.browser().get('broken');
  expect(challenge).toMatchObject({ component: 'ak-stage-flow-error', request_id: 'request-1' });
  expect(challenge.error).toBeUndefined();
  expect(house.reports.at(-1)).toMatchObject({ message: 'Test error' });
});

it('denies when a bound policy cannot be evaluated, and does not skip the stage it guards', async () => {
  await house.flow('guarded', [identification, password, { kind: 'dummy' }]);
  await house.sql(
    `insert into policy_binding (pk, tenant_id, target, policy, "order")
     select gen_random_uuid(), $1, policy_target, gen_random_uuid(), 0 from flow_stage_binding
     where "order" = 1 and target = (select pk from flow where slug = 'guarded')`,
    [house.tenant],
  );
  const browser = house.browser();
  await browser.get('guarded');
  const { challenge } = await browser.post('guarded', { uid_field: 'alice' });
  expect(challenge).toMatchObject({ component: 'ak-stage-access-denied' });
});

it('does not go on past a stage that was deleted meanwhile', async () => {
  await house.flow('shrinking', [identification, password, { kind: 'user_login' }]);
  const browser = house.browser();
  await browser.get('shrinking');
  await house.sql("delete from stage where name = 'shrinking 1'");
  const { challenge } = await browser.post('shrinking', { uid_field: 'alice' });
  expect(challenge).toMatchObject({ component: 'ak-stage-access-denied' });
});

it('treats another tenant as if its flows did not exist', async () => {
  await house.flow('private', [{ kind: 'dummy' }]);
  const [row] = await house.sql<{ count: string }>('select count(*) from flow where slug = $1', ['private']);
  const seen = await house.db.read({ tenant: '00000000-0000-4000-8000-0000000000ff' }, (em) =>
    em.execute('select 1 from flow'),
  );
  expect([row?.count, seen]).toEqual(['1', []]);
});
