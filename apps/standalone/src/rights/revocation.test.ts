import { randomUUID } from 'node:crypto';
import { beforeAll, expect, it, vi } from 'vitest';
import { headlessHouse } from '../headless/headless-house.fixture.ts';

const ADMIN = `boot-${randomUUID()}`;
const house = await headlessHouse({ POSTERN_BOOTSTRAP_TOKEN: ADMIN });

async function ask(token: string, method: string, path: string, body?: unknown) {
  const response = await fetch(`${house.url}/api/v3${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: Object(text === '' ? {} : JSON.parse(text)) };
}

async function asAdmin(method: string, path: string, body?: unknown) {
  const answer = await ask(ADMIN, method, path, body);
  expect([answer.status, method, path, answer.body]).toEqual([
    expect.toSatisfy((s) => s < 300),
    method,
    path,
    answer.body,
  ]);
  return answer.body;
}

/** Somebody with an API token, whom the gateway remembers. */
async function holder() {
  const person = await house.person();
  const identifier = `of-${person.username}`;
  await asAdmin('POST', '/core/tokens/', { identifier, intent: 'api', user: person.pk });
  const token = String((await asAdmin('GET', `/core/tokens/${identifier}/view_key/`)).key);
  const lists = async (path: string) => (await ask(token, 'GET', path)).status;
  return { pk: person.pk, identifier, lists };
}

/** What a service of each sort lists. */
const LISTS = {
  'authentik_core.view_group': '/core/groups/',
  'authentik_flows.view_flow': '/flows/instances/',
  'authentik_crypto.view_certificatekeypair': '/crypto/certificatekeypairs/',
  'authentik_events.view_notificationrule': '/events/rules/',
} as const;
const VIEWS = Object.keys(LISTS);
const PATHS = Object.values(LISTS);

// The administrator's token is made by what the service hears of them.
beforeAll(() => vi.waitFor(async () => expect((await ask(ADMIN, 'GET', '/core/users/me/')).status).toBe(200), 10_000));

async function statuses({ lists }: Awaited<ReturnType<typeof holder>>) {
  return Promise.all(PATHS.map(lists));
}

const ALLOWED = PATHS.map(() => 200);
const REFUSED = PATHS.map(() => 403);

it('lets nobody do with their next request what was taken from them, in any service', async () => {
  const person = await holder();
  const path = `/rbac/permissions/assigned_by_users/${person.pk}`;
  for (let round = 0; round < 3; round += 1) {
    expect(await statuses(person)).toEqual(REFUSED);
    await asAdmin('POST', `${path}/assign/`, { permissions: VIEWS });
    expect(await statuses(person)).toEqual(ALLOWED);
    await asAdmin('PATCH', `${path}/unassign/`, { permissions: VIEWS });
  }
  expect(await statuses(person)).toEqual(REFUSED);
});

it('lets nobody do with their next request what a role, a group or a group above it gave them', async () => {
  const person = await holder();
  const role = await asAdmin('POST', '/rbac/roles/', { name: randomUUID() });
  const ofRole = `/rbac/permissions/assigned_by_roles/${role.pk}`;
  const above = await asAdmin('POST', '/core/groups/', { name: randomUUID(), roles: [role.pk] });
  const below = await asAdmin('POST', '/core/groups/', { name: randomUUID(), parent: above.pk, users: [person.pk] });
  const ways = [
    [
      () => asAdmin('POST', `${ofRole}/assign/`, { permissions: VIEWS }),
      () => asAdmin('PATCH', `${ofRole}/unassign/`, { permissions: VIEWS }),
    ],
    [
      () => asAdmin('PATCH', `/core/groups/${above.pk}/`, { roles: [role.pk] }),
      () => asAdmin('PATCH', `/core/groups/${above.pk}/`, { roles: [] }),
    ],
    [
      () => asAdmin('PATCH', `/core/groups/${below.pk}/`, { parent: above.pk }),
      () => asAdmin('PATCH', `/core/groups/${below.pk}/`, { parent: null }),
    ],
    [
      () => asAdmin('POST', `/core/groups/${below.pk}/add_user/`, { pk: person.pk }),
      () => asAdmin('POST', `/core/groups/${below.pk}/remove_user/`, { pk: person.pk }),
    ],
    [
      () => asAdmin('PATCH', `/core/groups/${above.pk}/`, { is_superuser: true, roles: [] }),
      () => asAdmin('DELETE', `/core/groups/${above.pk}/`),
    ],
  ] as const;
  await asAdmin('POST', `${ofRole}/assign/`, { permissions: VIEWS });
  for (const [give, take] of ways) {
    await give();
    expect(await statuses(person)).toEqual(ALLOWED);
    await take();
    expect(await statuses(person)).toEqual(REFUSED);
    await give().catch(() => undefined);
  }
});

it('lets nobody in with their next request whose token or account was taken away', async () => {
  const [one, two] = [await holder(), await holder()];
  expect([await one.lists('/core/users/me/'), await two.lists('/core/users/me/')]).toEqual([200, 200]);
  await asAdmin('DELETE', `/core/tokens/${one.identifier}/`);
  await asAdmin('PATCH', `/core/users/${two.pk}/`, { is_active: false });
  expect([await one.lists('/core/users/me/'), await two.lists('/core/users/me/')]).toEqual([403, 403]);
});
