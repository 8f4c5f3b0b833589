import { createSoftwareAuthenticator, type Deviation } from '@postern/testkit';
/** People are signed in by a passkey that their browser offered while they were asked for a name. */

import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../plans/index.ts';
import { aGuardedHouse, errorsOf } from '../stages/authenticator-validate/validate.fixture.ts';
import type { Person } from './people.fixture.ts';

const NAMED = { kind: 'identification', settings: { user_fields: ['username'] } };
const PASSWORD = { kind: 'password', settings: { backends: ['authentik.core.auth.InbuiltBackend'] } };
const NAME_ASKED = 'ak-stage-identification';
const DEVICE_ASKED = 'ak-stage-authenticator-validate';
const FAILED = { webauthn: ['Assertion failed'] };
const INVALID = { webauthn: ['Invalid device'] };
const NOT_FOUND = { reason: 'FLOW_NOT_FOUND' };

const house = await aGuardedHouse();
const { sql, tenant } = house;
await house.flow('set-up', [NAMED, PASSWORD, { kind: 'authenticator_webauthn' }]);

const pkOf = async (slug: string) =>
  (await sql<{ pk: string }>('select pk from flow where slug = $1', [slug]))[0]?.pk ?? '';
const asking = (settings: JsonObject = {}) => ({
  kind: 'authenticator_validate',
  settings: { not_configured_action: 'deny', device_classes: ['webauthn'], ...settings },
});

/** A sign-in whose first page offers the passkeys of a flow with these stages. */
async function aSignIn(slug: string, stages: readonly { kind: string; settings?: JsonObject }[]) {
  await house.flow(`${slug}-passwordless`, stages);
  const settings = { ...NAMED.settings, passwordless_flow: await pkOf(`${slug}-passwordless`) };
  await house.flow(slug, [{ kind: 'identification', settings }, PASSWORD, { kind: 'user_login' }]);
  return slug;
}

const USUAL = await aSignIn('usual', [asking(), { kind: 'user_login' }]);
const STRICT = await aSignIn('strict', [asking({ webauthn_user_verification: 'required' }), { kind: 'user_login' }]);

/** Somebody with a passkey. */
async function aPasskey(person?: Person) {
  const owner = person ?? (await house.someone());
  const passkey = createSoftwareAuthenticator('https://id.example');
  const browser = house.browser();
  await browser.get('set-up');
  await browser.post('set-up', { uid_field: owner.username });
  const { challenge } = await browser.post('set-up', { password: 'correct horse' });
  const registration: JsonObject = JSON.parse(JSON.stringify(challenge.registration));
  await browser.post('set-up', { response: JSON.parse(JSON.stringify(passkey.create(registration))) });
  const get = (options: JsonObject, deviation?: Deviation) => ({
    webauthn: JSON.parse(JSON.stringify(passkey.get(options, deviation))),
  });
  return { person: owner, get };
}

/** A browser in front of the first page. */
async function aBrowser(slug: string, query = '') {
  const browser = house.browser();
  await browser.get(slug, query);
  return browser;
}

const signedIn = (key: string | undefined) => house.sessions.get(key ?? '')?.user?.username;
const told = () => sql("select 1 from outbox where subject = 'auth.v1.session.login_failed'");

describe('options for the browser', () => {
  it('are refused alike to whoever has no session, stands elsewhere, was shown nothing, or asks where nothing is offered', async () => {
    await house.flow('plain', [NAMED, PASSWORD]);
    await aSignIn('by-name', [NAMED, asking(), { kind: 'user_login' }]);
    await aSignIn('by-code', [asking({ device_classes: ['totp'] }), { kind: 'user_login' }]);
    await aSignIn('enrolling', [asking()]);
    await sql("update flow set designation = 'enrollment' where slug = 'enrolling'");
    const [none, elsewhere] = [house.browser(), await aBrowser('plain')];
    await expect(none.offer(USUAL)).rejects.toMatchObject(NOT_FOUND);
    await expect(elsewhere.offer(USUAL)).rejects.toMatchObject(NOT_FOUND);
    await expect(elsewhere.offer('no-flow')).rejects.toMatchObject(NOT_FOUND);
    for (const slug of ['plain', 'by-name', 'by-code', 'enrolling', 'set-up']) {
      await expect((await aBrowser(slug)).offer(slug), slug).rejects.toMatchObject(NOT_FOUND);
    }
    const passed = await aBrowser(USUAL);
    await passed.post(USUAL, { uid_field: 'somebody' });
    await expect(passed.offer(USUAL)).rejects.toMatchObject(NOT_FOUND);
    const unseen = await aBrowser(USUAL);
    await sql("update flow_plan set plan = jsonb_set(plan, '{steps,0,shown}', 'false') where session = $1", [
      unseen.session,
    ]);
    await expect(unseen.offer(USUAL)).rejects.toMatchObject(NOT_FOUND);
    const awaited = await aBrowser(USUAL);
    const completion = JSON.stringify({ service: 'providers', reference: 'x' });
    await sql("update flow_plan set plan = jsonb_set(plan, '{completion}', $2::jsonb) where session = $1", [
      awaited.session,
      completion,
    ]);
    await expect(awaited.offer(USUAL)).rejects.toMatchObject(NOT_FOUND);
  });

  it('say what the stage of the passwordless flow demands, and are new each time', async () => {
    const browser = await aBrowser(STRICT);
    const [one, two] = [await browser.offer(STRICT), await browser.offer(STRICT)];
    expect(one).toMatchObject({
      rpId: 'id.example',
      userVerification: 'required',
      allowCredentials: [],
      timeout: 300_000,
    });
    expect(one.challenge).not.toBe(two.challenge);
  });
});

describe('an answer with a passkey', () => {
  it('is none where no passkey was offered', async () => {
    const { get } = await aPasskey();
    const browser = await aBrowser(USUAL);
    const before = await told();
    const { challenge } = await browser.post(USUAL, get({ challenge: '', rpId: 'id.example' }));
    expect(errorsOf(challenge)).toEqual({ uid_field: ['This field is required.'] });
    expect(await told()).toHaveLength(before.length);
  });

  it.each<[string, string, Deviation]>([
    ['another origin', USUAL, { origin: 'https://evil.example' }],
    ['another relying party', USUAL, { rpId: 'evil.example' }],
    ['a challenge that was made up', USUAL, { challenge: 'AAAA' }],
    ['a foreign page', USUAL, { crossOrigin: true }],
    ['nobody in particular', USUAL, { userHandle: '' }],
    ['a user who was not verified', STRICT, { userVerified: false }],
  ])('of %s is refused, told, and asked for anew', async (_what, slug, deviation) => {
    const { get } = await aPasskey();
    const browser = await aBrowser(slug);
    const options = await browser.offer(slug);
    const before = await told();
    const { challenge } = await browser.post(slug, get(options, deviation));
    expect(challenge.component).toBe(NAME_ASKED);
    expect(errorsOf(challenge)).toEqual(FAILED);
    expect(await told()).toHaveLength(before.length + 1);
    // What was offered is used up, also for the right answer.
    const late = await browser.post(slug, get(options));
    expect(errorsOf(late.challenge)).toEqual({ uid_field: ['This field is required.'] });
    expect((await browser.post(slug, get(await browser.offer(slug)))).challenge).toMatchObject({
      to: `/if/flow/${slug}-passwordless/`,
    });
  });

  it('is refused when it is of nobody, of somebody inactive, or of another tenant', async () => {
    const [stranger, inactive, foreign] = [
      createSoftwareAuthenticator('https://id.example'),
      await aPasskey(),
      await aPasskey(),
    ];
    await sql('update account set is_active = false where pk = $1', [inactive.person.pk]);
    Object.assign(inactive.person, { isActive: false });
    const elsewhere = randomUUID();
    await sql(
      `insert into account (tenant_id, pk, uuid, username, type, is_active) values ($1, $2, $3, 'x', 'internal', true)`,
      [elsewhere, foreign.person.pk, foreign.person.uuid],
    );
    await sql('update device set tenant_id = $1, stage = null where user_pk = $2', [elsewhere, foreign.person.pk]);
    const browser = await aBrowser(USUAL);
    for (const get of [stranger.get, inactive.get, foreign.get]) {
      const made = get(await browser.offer(USUAL));
      const answer = 'webauthn' in made ? made : { webauthn: JSON.parse(JSON.stringify(made)) };
      expect(errorsOf((await browser.post(USUAL, answer)).challenge)).toEqual(INVALID);
    }
  });

  it('is refused when it comes late, and when it was asked of another session', async () => {
    const { get } = await aPasskey();
    const browser = await aBrowser(USUAL);
    const late = get(await browser.offer(USUAL));
    house.clock.advance(300_000);
    expect(errorsOf((await browser.post(USUAL, late)).challenge)).toEqual(FAILED);
    const [mine, theirs] = [await aBrowser(USUAL), await aBrowser(USUAL)];
    const [stolen] = [get(await mine.offer(USUAL)), await theirs.offer(USUAL)];
    expect(errorsOf((await theirs.post(USUAL, stolen)).challenge)).toEqual(FAILED);
    // As by a link that carries a plan elsewhere.
    await theirs.offer(USUAL);
    const steps = "(select plan #> '{steps,0,memory}' from flow_plan where session = $1)";
    await sql(`update flow_plan set plan = jsonb_set(plan, '{steps,0,memory}', ${steps}) where session = $2`, [
      mine.session,
      theirs.session,
    ]);
    expect(errorsOf((await theirs.post(USUAL, stolen)).challenge)).toEqual(FAILED);
  });

  it('is refused when the stage has no passwordless flow any more', async () => {
    const { get } = await aPasskey();
    const slug = await aSignIn('closing', [asking(), { kind: 'user_login' }]);
    const browser = await aBrowser(slug);
    const answer = get(await browser.offer(slug));
    await sql("update stage set settings = settings - 'passwordless_flow' where name = 'closing 0'");
    expect(errorsOf((await browser.post(slug, answer)).challenge)).toEqual(FAILED);
  });

  it('counts once: not again in this session or another, and for one of many at once', async () => {
    const { get } = await aPasskey();
    const browser = await aBrowser(USUAL);
    const answer = get(await browser.offer(USUAL));
    const seen = await Promise.all(Array.from({ length: 8 }, () => browser.call('POST', USUAL, '', answer)));
    expect(seen.filter(({ challenge }) => challenge.to === '/if/flow/usual-passwordless/')).toHaveLength(1);
    const other = await aBrowser(USUAL);
    await other.offer(USUAL);
    expect(errorsOf((await other.post(USUAL, answer)).challenge)).toEqual(FAILED);
    const again = await aBrowser(USUAL);
    expect((await again.post(USUAL, answer)).challenge.component).toBe(NAME_ASKED);
  });

  it('gives way to a name', async () => {
    const { get, person } = await aPasskey();
    const browser = await aBrowser(USUAL);
    const answer = get(await browser.offer(USUAL));
    const { challenge } = await browser.post(USUAL, { uid_field: person.username, ...answer });
    expect(challenge.component).toBe('ak-stage-password');
  });

  it('goes on in the passwordless flow, with the query of the page, and signs its owner in', async () => {
    const { get, person } = await aPasskey();
    const browser = await aBrowser(STRICT, 'next=%2Fwanted');
    const answer = get(await browser.offer(STRICT));
    const { challenge } = await browser.post(STRICT, answer, 'next=%2Fwanted');
    expect(challenge).toMatchObject({ to: '/if/flow/strict-passwordless/?next=%2Fwanted' });
    expect(signedIn(browser.session)).toBeUndefined();
    expect((await browser.get('strict-passwordless', 'next=%2Fwanted')).challenge).toMatchObject({ to: '/wanted' });
    expect(signedIn(browser.session)).toBe(person.username);
    expect(house.seen.asked).toMatchObject({
      method: 'auth_webauthn_pwl',
      methodArgs: { device: { model_name: 'webauthndevice' } },
    });
  });

  it('takes what waited for the sign-in along', async () => {
    const { get } = await aPasskey();
    const browser = await aBrowser(USUAL);
    const followedBy = { slug: 'plain', context: {} };
    const given = { application: { pk: 'a', name: 'Wiki', slug: 'wiki' } };
    await sql('update flow_plan set plan = plan || $2::jsonb where session = $1', [
      browser.session,
      JSON.stringify({ followedBy, given }),
    ]);
    await browser.post(USUAL, get(await browser.offer(USUAL)));
    const stored = await house.plans.find(tenant, browser.session ?? '');
    expect(stored?.plan).toMatchObject({ followedBy, given, context: given });
    expect((await browser.get('usual-passwordless')).challenge).toMatchObject({ to: '/if/flow/plain/' });
  });
});

describe('the proof that goes along', () => {
  const handedOver = async (slug: string) => {
    const passkey = await aPasskey();
    const browser = await aBrowser(slug);
    await browser.post(slug, passkey.get(await browser.offer(slug)));
    return { ...passkey, browser, next: () => browser.get(`${slug}-passwordless`) };
  };

  it('satisfies one stage, once', async () => {
    const { next, browser } = await handedOver(await aSignIn('twice', [asking(), asking(), { kind: 'user_login' }]));
    expect((await next()).challenge.component).toBe(DEVICE_ASKED);
    expect(signedIn(browser.session)).toBeUndefined();
    const stored = await house.plans.find(tenant, browser.session ?? '');
    expect(stored?.plan.context.passkey_proof).toBeUndefined();
  });

  it('satisfies no stage that demands more, or other devices', async () => {
    const more = [
      asking({ webauthn_user_verification: 'discouraged' }),
      asking({ webauthn_user_verification: 'required' }),
    ];
    const slug = await aSignIn('more', more);
    // The first one is left out for this one person.
    const { next, browser } = await handedOver(slug);
    await sql("update flow_plan set plan = plan #- '{steps,0}' where session = $1", [browser.session]);
    expect((await next()).challenge.component).toBe(DEVICE_ASKED);
    const others = await handedOver(await aSignIn('others', [asking(), { kind: 'user_login' }]));
    await sql(
      `update stage set settings = settings || '{"device_classes": ["totp"]}' where name = 'others-passwordless 0'`,
    );
    expect((await others.next()).challenge.component).toBe('ak-stage-access-denied');
  });

  it('is good for a minute, in its session, for its owner', async () => {
    const late = await handedOver(USUAL);
    house.clock.advance(60_000);
    expect((await late.next()).challenge.component).toBe(DEVICE_ASKED);
    const [one, other] = [await handedOver(USUAL), house.browser()];
    await other.get('plain');
    const plan = (await house.plans.find(tenant, one.browser.session ?? ''))?.plan;
    if (plan === undefined) throw new Error('there is no plan');
    await house.plans.put(tenant, other.session ?? '', plan);
    expect((await other.get('usual-passwordless')).challenge.component).toBe(DEVICE_ASKED);
    const swapped = await handedOver(USUAL);
    const somebody = (await aPasskey()).person;
    await sql(
      "update flow_plan set plan = jsonb_set(plan, '{context,pending_user,pk}', $2::jsonb) where session = $1",
      [swapped.browser.session, JSON.stringify(somebody.pk)],
    );
    expect((await swapped.next()).challenge.component).toBe(DEVICE_ASKED);
  });

  it('opens no flow in which policies leave nothing to pass, or that they close to its owner', async () => {
    for (const [slug, target] of [
      ['emptied', 'select policy_target from flow_stage_binding where target = $1'],
      ['guarded', 'select policy_target from flow where pk = $1'],
    ] as const) {
      await aSignIn(slug, [asking(), { kind: 'user_login' }]);
      const flow = await pkOf(`${slug}-passwordless`);
      await sql('update flow_stage_binding set evaluate_on_plan = true where target = $1', [flow]);
      const policy = randomUUID();
      await sql(
        `insert into policy (pk, tenant_id, kind, name, settings) values ($1, $2, 'expression', $3, '{"expression": "return False"}')`,
        [policy, tenant, slug],
      );
      await sql(
        `insert into policy_binding (pk, tenant_id, target, policy, "order")
         select gen_random_uuid(), $2, target.policy_target, $3, 0 from (${target}) as target`,
        [flow, tenant, policy],
      );
      const { get } = await aPasskey();
      const browser = await aBrowser(slug);
      const { challenge } = await browser.post(slug, get(await browser.offer(slug)));
      expect(challenge, slug).toMatchObject({
        component: 'ak-stage-access-denied',
        error_message: 'Flow does not apply to current user.',
      });
      expect(await house.plans.find(tenant, browser.session ?? '')).toBeUndefined();
    }
  });

  it('opens no flow that its owner may not enter', async () => {
    const slug = await aSignIn('closed', [asking(), { kind: 'user_login' }]);
    await sql("update flow set authentication = 'require_superuser' where slug = 'closed-passwordless'");
    const { get } = await aPasskey();
    const browser = await aBrowser(slug);
    const { challenge } = await browser.post(slug, get(await browser.offer(slug)));
    expect(challenge.component).toBe('ak-stage-access-denied');
    expect(await house.plans.find(tenant, browser.session ?? '')).toBeUndefined();
  });
});
