import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { aHouse, aPerson } from '../../flows/flows.fixture.ts';
import type { JsonObject } from '../../plans/index.ts';
import { anSmsProvider } from '../../testing/sms-provider.fixture.ts';

const SID = 'AC00';
const provider = await anSmsProvider({ sid: SID, token: 'the token' });
const MAPPINGS: Readonly<Record<string, string>> = {
  '00000000-0000-4000-8000-000000000001':
    'return {"to": device.phone_number, "say": token, "for": user.username, "at": stage.name}',
  '00000000-0000-4000-8000-000000000002': 'return 1 / 0',
};
const alice = aPerson('alice', { password: 'correct horse' });
const bob = aPerson('bob', { password: 'correct horse' });
const state = { now: new Date('2030-01-01T00:00:00Z'), sent: 0, most: Number.POSITIVE_INFINITY };
const house = await aHouse([alice, bob], {
  addresses: { twilio: provider.url, duo: '' },
  clock: () => state.now,
  attempts: {
    reserve: async () => (++state.sent <= state.most ? 'allowed' : 'refused'),
    succeeded: async () => undefined,
  },
  clients: {
    mappings: {
      getNotificationWebhookMapping: async ({ pm_uuid = '' }) => ({
        pk: pm_uuid,
        name: 'a mapping',
        expression: MAPPINGS[pm_uuid] ?? '',
      }),
    },
  },
});
const IDENTIFICATION = { kind: 'identification', settings: { user_fields: ['username'] } };
const PASSWORD = { kind: 'password', settings: { backends: ['authentik.core.auth.InbuiltBackend'] } };
const SECRET = 'correct horse';
const TWILIO = { provider: 'twilio', from_number: '+1555', account_sid: SID, auth: 'the token' };
const GENERIC = {
  provider: 'generic',
  from_number: '+1555',
  account_sid: `${provider.url}/send`,
  auth: 'me',
  auth_password: 'pass',
};

/** Somebody who is asked for a number by a stage with these settings. */
async function anAsked(settings: JsonObject, slug = `sms-${randomUUID()}`, username = 'alice') {
  const [found] = await house.sql('select 1 from flow where slug = $1', [slug]);
  if (found === undefined)
    await house.flow(slug, [IDENTIFICATION, PASSWORD, { kind: 'authenticator_sms', settings }, { kind: 'dummy' }]);
  const browser = house.browser();
  await browser.get(slug);
  await browser.post(slug, { uid_field: username });
  const { challenge } = await browser.post(slug, { password: SECRET });
  expect(challenge).toMatchObject({ component: 'ak-stage-authenticator-sms', phone_number_required: true });
  return {
    slug,
    post: async (answer: JsonObject) => (await browser.post(slug, answer)).challenge,
    get: () => browser.get(slug),
  };
}

const wholeError = (text: string) => ({ response_errors: { non_field_errors: { items: [{ string: text }] } } });
/** What administrators were told, oldest first. */
async function problems(): Promise<string[]> {
  const told = "select envelope from outbox where subject = 'auth.v1.event.recorded' order by seq";
  return (await house.sql<{ envelope: Buffer }>(told)).map(({ envelope }) => envelope.toString('latin1'));
}

describe('setting up codes by SMS', () => {
  it('refuses an answer without a number, a number that is none, and a code before there was one', async () => {
    const { post } = await anAsked(TWILIO);
    expect(await post({ component: 'ak-stage-authenticator-sms' })).toMatchObject(wholeError('phone_number required'));
    expect(await post({ phone_number: 'call me' })).toMatchObject(wholeError('Invalid phone number'));
    expect(await post({ code: '000000' })).toMatchObject({
      ...wholeError('Code does not match'),
      phone_number_required: true,
    });
    expect(provider.messages).toEqual([]);
  });

  it('refuses wrong codes, five at most, and codes that are older than five minutes', async () => {
    const { post, get } = await anAsked(TWILIO);
    const asked = await post({ phone_number: '+49 170 1000001' });
    expect(asked).toMatchObject({ phone_number_required: false });
    expect(asked.response_errors).toEqual({});
    const code = provider.code();
    const wrong = String((Number(code) + 1) % 1_000_000).padStart(6, '0');
    for (const phone_number_required of [false, false, false, false, true]) {
      const refused = { ...wholeError('Code does not match'), phone_number_required };
      expect(await post({ code: wrong })).toMatchObject(refused);
    }
    expect(await post({ code })).toMatchObject(wholeError('Code does not match'));
    await post({ phone_number: '+491701000001' });
    state.now = new Date(state.now.getTime() + 300_000);
    expect((await get()).challenge).toMatchObject({ phone_number_required: true });
    expect(await post({ code: provider.code() })).toMatchObject(wholeError('Code does not match'));
    expect(await house.sql('select 1 from device')).toEqual([]);
  });

  it('sends no more messages than may be sent, whatever number is asked for', async () => {
    const { post } = await anAsked(TWILIO);
    Object.assign(state, { sent: 0, most: 2 });
    expect(await post({ phone_number: '+491701000002' })).toMatchObject({ phone_number_required: false });
    const before = provider.messages.length;
    const refused = wholeError('Too many messages were sent. Please try again later.');
    expect(await post({ phone_number: '+491701000003' })).toMatchObject(refused);
    expect(provider.messages).toHaveLength(before);
    state.most = Number.POSITIVE_INFINITY;
  });

  it('keeps a number once at a stage, after its code, which is nowhere in the plan', async () => {
    const { slug, post } = await anAsked(TWILIO);
    await post({ phone_number: '+49 (170) 100-0004' });
    expect(provider.messages.at(-1)).toMatchObject({
      type: 'application/x-www-form-urlencoded',
      fields: {
        From: '+1555',
        To: '+491701000004',
        Body: `Use this code to authenticate in Postern & Co: ${provider.code()}`,
      },
    });
    const plans = JSON.stringify(await house.sql('select plan from flow_plan'));
    expect(plans).toContain('+491701000004');
    expect(plans).not.toContain(provider.code());
    // As a client sends it that takes it for a number.
    expect(await post({ code: Number(provider.code()) })).toMatchObject({ component: 'ak-stage-dummy' });
    const [device] = await house.sql('select user_pk, class, name, data from device');
    expect(device).toEqual({
      user_pk: alice.pk,
      class: 'sms',
      name: 'SMS Device',
      data: { phone_number: '+491701000004' },
    });

    const other = await anAsked(TWILIO, slug, 'bob');
    expect(await other.post({ phone_number: '+491701000004' })).toMatchObject(wholeError('Invalid phone number'));
    const elsewhere = await anAsked(TWILIO, undefined, 'bob');
    expect(await elsewhere.post({ phone_number: '+491701000004' })).toMatchObject({ phone_number_required: false });
  });

  it('keeps nothing but a keyed hash where the number is only verified', async () => {
    const { slug, post } = await anAsked({ ...TWILIO, verify_only: true });
    await post({ phone_number: '+491701000005' });
    await post({ code: provider.code() });
    const rows = JSON.stringify(
      await house.sql("select natural_key, data from device where data->>'phone_number' like 'hash:%'"),
    );
    expect(rows).toMatch(/"hash:[0-9a-f]{64}"/);
    expect(rows).not.toContain('1701000005');
    const other = await anAsked(TWILIO, slug, 'bob');
    expect(await other.post({ phone_number: '+491701000005' })).toMatchObject(wholeError('Invalid phone number'));
  });

  it('sends at once to the number that a prompt asked for, once', async () => {
    const prompt = randomUUID();
    await house.sql(
      `insert into prompt (pk, tenant_id, name, field_key, label, type) values ($1, $2, 'phone', 'phone', 'Phone', 'text')`,
      [prompt, house.tenant],
    );
    await house.flow('prompted', [
      IDENTIFICATION,
      PASSWORD,
      { kind: 'prompt', settings: { fields: [prompt] } },
      { kind: 'authenticator_sms', settings: TWILIO },
    ]);
    const browser = house.browser();
    await browser.get('prompted');
    await browser.post('prompted', { uid_field: 'bob' });
    await browser.post('prompted', { password: SECRET });
    const before = provider.messages.length;
    const { challenge } = await browser.post('prompted', { phone: '+491701000006' });
    expect(challenge).toMatchObject({ component: 'ak-stage-authenticator-sms', phone_number_required: false });
    await browser.get('prompted');
    await browser.post('prompted', { code: '000000' });
    expect(provider.messages).toHaveLength(before + 1);
  });
});

describe('the provider', () => {
  it('is said to refuse, in its own words, and administrators are told', async () => {
    const { post } = await anAsked({ ...TWILIO, auth: 'wrong' });
    expect(await post({ phone_number: '+491701000007' })).toMatchObject(wholeError('Authenticate'));
    expect((await problems()).at(-1)).toMatch(
      /configuration_error[\s\S]*authentik.stages.authenticator_sms[\s\S]*Error sending SMS/,
    );
    provider.refusesNext({ status: 503, body: '\u0000busy\n' });
    const generic = await anAsked(GENERIC);
    expect(await generic.post({ phone_number: '+491701000007' })).toMatchObject(wholeError('busy'));
  });

  it('is never one of this network, and need not be there', async () => {
    for (const account_sid of ['http://10.0.0.1/', 'nonsense', 'http://127.0.0.1:1/']) {
      const { post } = await anAsked({ ...GENERIC, account_sid });
      const { response_errors } = await post({ phone_number: '+491701000008' });
      expect(JSON.stringify(response_errors)).toContain('The provider could not be reached');
    }
  });

  it.each([
    ['basic', `Basic ${Buffer.from('me:pass').toString('base64')}`],
    ['bearer', 'Bearer me'],
  ])('gets %s credentials and JSON, when it is not Twilio', async (auth_type, authorization) => {
    const { post } = await anAsked({ ...GENERIC, auth_type });
    expect(await post({ phone_number: '+491701000009' })).toMatchObject({ phone_number_required: false });
    const code = String(provider.messages.at(-1)?.fields.Body);
    expect(provider.messages.at(-1)).toMatchObject({
      path: '/send',
      authorization,
      type: 'application/json',
      fields: {
        From: '+1555',
        To: '+491701000009',
        Body: code,
        Message: `Use this code to authenticate in Postern & Co: ${code}`,
      },
    });
    expect(await post({ code })).toMatchObject({ component: 'ak-stage-dummy' });
  });

  it('gets what a mapping makes; one that fails sends nothing, and is told of', async () => {
    const [good, bad] = Object.keys(MAPPINGS);
    const failing = await anAsked({ ...GENERIC, mapping: bad ?? '' });
    const before = provider.messages.length;
    expect(await failing.post({ phone_number: '+491701000010' })).toMatchObject(
      wholeError('The message could not be sent.'),
    );
    expect(provider.messages).toHaveLength(before);
    expect((await problems()).at(-1)).toMatch(/The mapping a mapping failed: [\s\S]*division by zero/);
    const { slug, post } = await anAsked({ ...GENERIC, mapping: good ?? '' });
    await post({ phone_number: '+491701000010' });
    const { fields } = provider.messages.at(-1) ?? {};
    expect(fields).toMatchObject({ to: '+491701000010', for: 'alice', at: `${slug} 2` });
    expect(await post({ code: String(fields?.say) })).toMatchObject({ component: 'ak-stage-dummy' });
  }, 60_000);
});
