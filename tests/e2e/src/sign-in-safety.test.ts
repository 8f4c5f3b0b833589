import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, apiOf, type Json, until } from './api.client.ts';
import { flowClient, signIn } from './flow.client.ts';
import { ADMIN_TOKEN, oneProcess, type Platform } from './platforms.ts';

let platform: Platform;
let api: Api;
let admins: Json;
let boss: Json;

beforeAll(async () => {
  platform = await oneProcess.start();
  api = apiOf({ url: platform.url, token: ADMIN_TOKEN });
  admins = (await api.list('/core/groups/?is_superuser=true'))[0] ?? {};
  boss = (await api.list('/core/users/?username=akadmin'))[0] ?? {};
});
afterAll(() => platform?.stop());

const A_FLOW = { name: 'A flow', title: 'A flow', designation: 'stage_configuration', denied_action: 'message' };

const refused = (problem: RegExp) => ({
  status: 400,
  body: { non_field_errors: [expect.stringMatching(problem)] },
});

/** A blueprint of these entries. */
function blueprintOf(entries: string, labels = ''): Json {
  const metadata = `metadata:\n  name: ${randomUUID()}${labels === '' ? '' : `\n  labels: { ${labels} }`}`;
  return { name: randomUUID(), content: `version: 1\n${metadata}\nentries:\n${entries}`, enabled: false };
}

const LOGIN = 'default-authentication-flow';
const PASSWORD = 'a long walk in the hills';

async function aPerson(): Promise<string> {
  const username = `ada-${randomUUID()}`;
  const { pk } = await api.post('/core/users/', { username, name: 'Ada' });
  await api.post(`/core/users/${pk}/set_password/`, { password: PASSWORD });
  return username;
}

/** Tries a password as somebody without cookies; what came of it, and after how many milliseconds. */
async function tries(username: string, password: string): Promise<{ seen: string; took: number }> {
  const browser = flowClient({ url: platform.url });
  await browser.step(LOGIN);
  await browser.step(LOGIN, { uid_field: username });
  const begin = performance.now();
  const answer = await browser.step(LOGIN, { password });
  return { seen: JSON.stringify(answer).replaceAll(username, 'NAME'), took: performance.now() - begin };
}

describe('guessing passwords', () => {
  it('has an end, locks nobody out of their own device, and looks the same for somebody and nobody', async () => {
    const username = await aPerson();
    const own = await signIn({ url: platform.url, username, password: PASSWORD });
    const seen = new Set<string>();
    for (const name of [username, `nobody-${randomUUID()}`]) {
      const guesses = await Promise.all(Array.from({ length: 30 }, () => tries(name, 'a guess')));
      for (const guess of guesses) seen.add(guess.seen);
    }
    const right = await tries(username, PASSWORD);
    seen.add(right.seen);
    expect([...seen]).toEqual([expect.stringContaining('Invalid password')]);
    // No sooner than a hash takes: whoever watches the clock learns nothing.
    expect(right.took).toBeGreaterThan(5);
    await own.step('default-invalidation-flow');
    await own.step(LOGIN);
    await own.step(LOGIN, { uid_field: username });
    expect(await own.step(LOGIN, { password: PASSWORD })).toMatchObject({ component: 'xak-flow-redirect' });
  });
});

describe('a denial', () => {
  it('has a reason that administrators find by the name of the person, and nobody else', async () => {
    const username = await aPerson();
    const flow = await api.post('/flows/instances/', { ...A_FLOW, slug: `flow-${randomUUID()}` });
    const group = await api.post('/core/groups/', { name: `group ${randomUUID()}` });
    await api.post('/policies/bindings/', { target: flow.pk, group: group.pk, order: 0 });
    const browser = await signIn({ url: platform.url, username, password: PASSWORD });
    expect(await browser.step(String(flow.slug))).toMatchObject({ component: 'ak-stage-access-denied' });
    const search = `/events/events/?username=${username}&action=policy_execution`;
    const [event] = await until(
      () => api.list(search),
      ({ length }) => length > 0,
      10_000,
    );
    expect(event).toMatchObject({
      user: { username },
      context: {
        message: 'Access denied',
        object: { model_name: 'flow', name: flow.slug },
        trace: [{ kind: 'group', name: group.name, passing: false, decided: true, decision: 'denied' }],
      },
    });
    expect((await browser.send(`/api/v3${search}`)).status).toBe(403);
  });
});

describe('the last way in for administrators', () => {
  it('is not closed by changing people, groups and brands', async () => {
    const nobody = refused(/^No administrator could sign in after this change: there is no active administrator\./);
    expect(await api.send('PATCH', `/core/users/${boss.pk}/`, { is_active: false })).toMatchObject(nobody);
    expect(await api.send('DELETE', `/core/users/${boss.pk}/`)).toMatchObject(nobody);
    expect(await api.send('PATCH', `/core/groups/${admins.pk}/`, { is_superuser: false })).toMatchObject(nobody);
    expect(await api.send('PATCH', `/core/groups/${admins.pk}/`, { users: [] })).toMatchObject(nobody);
    expect(await api.send('POST', `/core/groups/${admins.pk}/remove_user/`, { pk: boss.pk })).toMatchObject(nobody);
    expect(await api.send('DELETE', `/core/groups/${admins.pk}/`)).toMatchObject(nobody);
    const [flow] = await api.list('/flows/instances/?slug=default-source-authentication');
    const [brand] = await api.list('/core/brands/?default=true');
    const change = { flow_authentication: flow?.pk };
    expect(await api.send('PATCH', `/core/brands/${brand?.brand_uuid}/`, change)).toMatchObject(
      refused(/the flow “default-source-authentication” lets nobody in/),
    );
  });

  it('is not closed by changing flows, stages, policies and what is bound', async () => {
    const [flow] = await api.list('/flows/instances/?slug=default-authentication-flow');
    expect(await api.send('DELETE', '/flows/instances/default-authentication-flow/')).toMatchObject(refused(/no flow/));
    const [login] = await api.list('/stages/user_login/?name=default-authentication-login');
    expect(await api.send('DELETE', `/stages/user_login/${login?.pk}/`)).toMatchObject(refused(/ends before anybody/));
    const policy = await api.post('/policies/expression/', { name: randomUUID(), expression: 'return True' });
    const binding = { target: flow?.pk, policy: policy.pk, order: 0 };
    const { pk } = await api.post('/policies/bindings/', binding);
    expect(await api.send('PATCH', `/policies/expression/${policy.pk}/`, { expression: 'return False' })).toMatchObject(
      refused(/the flow “default-authentication-flow” lets nobody in/),
    );
    expect(await api.send('PATCH', `/policies/bindings/${pk}/`, { negate: true })).toMatchObject(refused(/nobody in/));
    await api.remove(`/policies/bindings/${pk}/`);
    await api.remove(`/policies/expression/${policy.pk}/`);
  });

  it('may be closed by who insists', async () => {
    const other = await api.post('/core/users/', { username: randomUUID(), name: 'Other', groups: [admins.pk] });
    const leave = `/core/groups/${admins.pk}/remove_user/`;
    expect(await api.send('POST', leave, { pk: boss.pk })).toMatchObject(refused(/no administrator has a password/));
    await api.post(`/core/users/${other.pk}/set_password/`, { password: 'a long walk in the hills' });
    expect(await api.send('POST', leave, { pk: other.pk })).toMatchObject({ status: 204 });
    const dummy = await api.post('/policies/expression/', { name: randomUUID(), expression: 'return False' });
    const [flow] = await api.list('/flows/instances/?slug=default-authentication-flow');
    const binding = { target: flow?.pk, policy: dummy.pk, order: 0 };
    expect(await api.send('POST', '/policies/bindings/', binding)).toMatchObject(refused(/nobody in/));
    const made = await api.post('/policies/bindings/?override=lockout', binding);
    await api.remove(`/policies/bindings/${made.pk}/`);
  });

  it('is not closed by a blueprint either, unless it says that it means to', async () => {
    const entries = `  - model: authentik_core.user\n    identifiers: { username: akadmin }\n    attrs: { is_active: false }\n`;
    const problem = /No administrator could sign in after this blueprint: there is no active administrator\./;
    expect(await api.send('POST', '/managed/blueprints/', blueprintOf(entries))).toMatchObject({
      status: 400,
      body: { content: [expect.stringMatching(problem)] },
    });
    const insisting = blueprintOf(entries, 'postern.io/override: lockout');
    expect(await api.send('POST', '/managed/blueprints/', insisting)).toMatchObject({ status: 201 });
    const both = blueprintOf(`${entries}  - model: authentik_core.user
    identifiers: { username: second }
    attrs: { name: Second, password: a long walk in the hills, groups: [!Find [authentik_core.group, [name, authentik Admins]]] }
`);
    const { pk } = await api.post('/managed/blueprints/', { ...both, enabled: true });
    await api.post(`/managed/blueprints/${pk}/apply/`);
    await until(
      async () => [
        (await api.send('GET', '/core/users/me/')).status,
        (await api.send('GET', `/managed/blueprints/${pk}/`)).text,
      ],
      ([status]) => status === 403,
      30_000,
    );
  });
});
