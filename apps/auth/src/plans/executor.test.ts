import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { aHouse, aPerson, asProviders } from '../flows/flows.fixture.ts';
import type { JsonObject } from './json.ts';

const alice = aPerson('alice', { password: 'correct horse' });
const house = await aHouse([alice]);
const { tenant, sql } = house;

const identification = { kind: 'identification', settings: { user_fields: ['username'] } };
const dummy = { kind: 'dummy' };
const restart = { invalid_response_action: 'restart' };

/** Binds an expression to the stage at a place of a flow, or to the flow. */
async function guard(slug: string, order: number | undefined, expression: string) {
  const policy = randomUUID();
  await sql('insert into policy (pk, tenant_id, kind, name, settings) values ($1, $2, $3, $4, $5)', [
    policy,
    tenant,
    'expression',
    policy,
    JSON.stringify({ expression }),
  ]);
  const target =
    order === undefined
      ? '(select policy_target from flow where slug = $3)'
      : `(select policy_target from flow_stage_binding where "order" = ${order} and target = (select pk from flow where slug = $3))`;
  await sql(
    `insert into policy_binding (pk, tenant_id, target, policy, "order") values (gen_random_uuid(), $1, ${target}, $2, 0)`,
    [tenant, policy, slug],
  );
}

describe('a flow that is started again', () => {
  it('ends when it would be sent round without anybody seeing anything', async () => {
    await house.flow('round', [{ kind: 'deny', settings: { deny_message: 'Closed.' }, binding: restart }]);
    const { challenge } = await house.browser().get('round');
    expect(challenge).toMatchObject({ component: 'ak-stage-access-denied', error_message: 'Closed.' });
  });

  it('begins again as often as somebody sees something', async () => {
    await house.flow('again', [identification, { kind: 'deny', binding: restart }]);
    const browser = house.browser();
    for (const _ of [1, 2, 3]) {
      expect((await browser.get('again')).challenge.component).toBe('ak-stage-identification');
      expect((await browser.post('again', { uid_field: 'alice' })).challenge.component).toBe('ak-stage-identification');
    }
  });

  it('knows what it was started with', async () => {
    const password = {
      kind: 'password',
      settings: { backends: ['authentik.core.auth.InbuiltBackend'] },
      binding: restart,
    };
    await house.flow('given', [identification, password]);
    const browser = house.browser();
    await browser.get('given');
    const application = { pk: randomUUID(), name: 'Wiki', slug: 'wiki' };
    const request = { slug: 'given', session: browser.session ?? '', context: { application } };
    await house.current().starter.startFlow(request, asProviders(tenant));
    await browser.get('given');
    await browser.post('given', { uid_field: 'alice' });
    const { challenge } = await browser.post('given', { password: 'wrong' });
    expect(challenge).toMatchObject({ component: 'ak-stage-identification', application_pre: 'Wiki' });
  });
});

it('tells the audit log that a flow broke, and not how', async () => {
  await house.flow('breaks', [{ kind: 'dummy', settings: { throw_error: true } }]);
  const { challenge } = await house.browser().get('breaks');
  expect(challenge).toMatchObject({ component: 'ak-stage-flow-error', request_id: 'request-1' });
  const events = async () => {
    const rows = await sql<{ envelope: Buffer }>(
      "select envelope from outbox where subject = 'auth.v1.event.recorded'",
    );
    return rows.map(({ envelope }) => envelope.toString('latin1')).filter((text) => text.includes('system_exception'));
  };
  await expect.poll(events).toHaveLength(1);
  const [told] = await events();
  expect(told).toContain('The flow breaks failed.');
  expect(told).not.toContain('Test error');
});

describe('whom a flow refuses', () => {
  it('is told why, or sent where the flow says', async () => {
    for (const action of ['message', 'message_continue', 'continue']) {
      await house.flow(action, [dummy]);
      await sql('update flow set denied_action = $1 where slug = $1', [action]);
      await guard(action, undefined, 'ak_message("Not today")\nreturn False');
    }
    const seen = async (slug: string, query = '') => (await house.browser().get(slug, query)).challenge;
    const message = { component: 'ak-stage-access-denied', error_message: 'Not today' };
    expect(await seen('message', 'next=/if/user/')).toMatchObject(message);
    expect(await seen('message_continue', 'next=/if/user/')).toMatchObject(message);
    expect(await seen('continue', 'next=/if/user/')).toMatchObject({ to: '/if/user/' });
    expect(await seen('continue')).toMatchObject({ to: '/' });
    expect(await seen('continue', 'next=https://evil.example/')).toMatchObject({ error_message: 'Invalid next URL' });
  }, 60_000);
});

describe('a policy', () => {
  it('sends the browser elsewhere after the stage that it guards, once, and nobody past that', async () => {
    await house.flow('diverted', [identification, dummy, { kind: 'user_login' }]);
    await guard('diverted', 0, 'context["flow_plan"].redirect("https://elsewhere.example/x")\nreturn True');
    const browser = house.browser();
    for (const _ of [1, 2]) {
      expect((await browser.get('diverted')).challenge.component).toBe('ak-stage-identification');
    }
    const away = { type: 'redirect', component: 'xak-flow-redirect', to: 'https://elsewhere.example/x' };
    expect((await browser.post('diverted', { uid_field: 'alice' })).challenge).toMatchObject(away);
    const answers: JsonObject[] = [{}, { component: 'xak-flow-redirect' }, { component: 'ak-stage-dummy' }];
    for (const answer of answers) {
      expect((await browser.post('diverted', answer)).challenge).toMatchObject(away);
    }
    expect(house.sessions.get(browser.session ?? '')?.user).toBeUndefined();
  }, 60_000);

  it('sends nobody to an address that is no page', async () => {
    await house.flow('script', [dummy]);
    await guard('script', 0, 'context["flow_plan"].redirect("javascript:alert(1)")\nreturn False');
    expect((await house.browser().get('script')).challenge).toMatchObject({ component: 'xak-flow-redirect', to: '/' });
  }, 60_000);
});

describe('two pages of one browser', () => {
  it('share a plan: an answer to the stage before is none', async () => {
    const password = { kind: 'password', settings: { backends: ['authentik.core.auth.InbuiltBackend'] } };
    await house.flow('shared', [identification, password, dummy]);
    const browser = house.browser();
    await browser.get('shared');
    await browser.post('shared', { uid_field: 'alice' });
    const late = await browser.post('shared', { component: 'ak-stage-identification', uid_field: 'alice' });
    expect(late.challenge).toMatchObject({ component: 'ak-stage-password' });
    expect(late.challenge.response_errors).toHaveProperty('component');
  });

  it('give way to each other when they are in different flows', async () => {
    await house.flow('left', [identification, dummy]);
    await house.flow('right', [identification, dummy]);
    const browser = house.browser();
    await browser.get('left');
    await browser.post('left', { uid_field: 'alice' });
    await browser.get('right');
    expect((await browser.post('left', { component: 'ak-stage-dummy' })).challenge.component).toBe(
      'ak-stage-identification',
    );
  });
});
