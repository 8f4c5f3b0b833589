import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it, vi } from 'vitest';
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

const asAdmin = (method: string, path: string, body?: unknown) => ask(ADMIN, method, path, body);

/** Somebody with an API token. */
async function holder() {
  const person = await house.person();
  const identifier = `of-${person.username}`;
  await asAdmin('POST', '/core/tokens/', { identifier, intent: 'api', user: person.pk });
  const { body } = await asAdmin('GET', `/core/tokens/${identifier}/view_key/`);
  return { ...person, token: String(body.key) };
}

// The administrator's token is made by what the service hears of them.
beforeAll(() => vi.waitFor(async () => expect((await asAdmin('GET', '/core/users/me/')).status).toBe(200), 10_000));

describe('somebody who holds a permission on a single object', () => {
  it('is refused while they hold nothing', async () => {
    const { token } = await holder();
    expect((await ask(token, 'GET', '/core/users/')).status).toBe(403);
    expect((await ask(token, 'GET', `/core/users/${(await house.person()).pk}/`)).status).toBe(403);
  });

  it('is refused before anybody looks at what they sent', async () => {
    const { token } = await holder();
    const path = `/core/users/${(await house.person()).pk}/`;
    const wrong = { username: '', is_active: 'perhaps' };
    expect((await ask(token, 'POST', '/core/users/', wrong)).status).toBe(403);
    expect((await ask(token, 'PATCH', path, wrong)).status).toBe(403);
    expect((await ask(token, 'GET', '/core/users/?page=none')).status).toBe(403);
    expect((await ask(ADMIN, 'PATCH', path, wrong)).status).toBe(400);
  });

  it('sees that object, lists it alone, changes what they may, and is refused again once it is taken', async () => {
    const { pk, token } = await holder();
    const seen = await house.person();
    const other = await house.person();
    const given = {
      permissions: ['authentik_core.view_user'],
      model: 'authentik_core.user',
      object_pk: String(seen.pk),
    };
    const path = `/rbac/permissions/assigned_by_users/${pk}`;
    expect((await asAdmin('POST', `${path}/assign/`, given)).status).toBe(204);

    await vi.waitFor(async () => expect((await ask(token, 'GET', `/core/users/${seen.pk}/`)).status).toBe(200), 10_000);
    const list = await ask(token, 'GET', '/core/users/');
    expect(list.body.results.map((user: { pk: number }) => user.pk)).toEqual([seen.pk]);
    expect((await ask(token, 'GET', `/core/users/${other.pk}/`)).status).toBe(404);
    expect((await ask(token, 'PATCH', `/core/users/${seen.pk}/`, { name: 'x' })).status).toBe(403);
    expect((await ask(token, 'GET', '/core/users/?page=none')).status).not.toBe(403);

    const change = { ...given, permissions: ['authentik_core.change_user'] };
    expect((await asAdmin('POST', `${path}/assign/`, change)).status).toBe(204);
    const renamed = () => ask(token, 'PATCH', `/core/users/${seen.pk}/`, { name: 'x' });
    await vi.waitFor(async () => expect((await renamed()).status).toBe(200), 10_000);
    expect((await ask(token, 'PATCH', `/core/users/${seen.pk}/`, { is_active: 'perhaps' })).status).toBe(400);
    expect((await asAdmin('PATCH', `${path}/unassign/`, change)).status).toBe(204);

    expect((await asAdmin('PATCH', `${path}/unassign/`, given)).status).toBe(204);
    await vi.waitFor(async () => expect((await ask(token, 'GET', '/core/users/')).status).toBe(403), 10_000);
  });

  it('lists the same where they hold it on thousands', async () => {
    const { pk, token } = await holder();
    const [seen, also, other] = [await house.person(), await house.person(), await house.person()];
    await house.sql(
      `insert into directory.object_grant (tenant_id, user_pk, permission, model, object_pk)
       select $1, $2, 'authentik_core.view_user', 'authentik_core.user', key
       from (select (1000000 + n)::text as key from generate_series(1, 2001) n union all values ($3), ($4)) keys`,
      [house.tenant, pk, String(seen.pk), String(also.pk)],
    );
    const { status, body } = await ask(token, 'GET', '/core/users/?ordering=pk');
    expect(status).toBe(200);
    expect(body.results.map((user: { pk: number }) => user.pk)).toEqual([seen.pk, also.pk]);
    expect(body.pagination.count).toBe(2);
    expect((await ask(token, 'GET', `/core/users/${other.pk}/`)).status).toBe(404);
  });
});
