import { events } from '@postern/proto';
import { aTenant } from '@postern/testkit';
import { describe, expect, it } from 'vitest';
import { servedRoles } from './role.fixture.ts';

const { client, as, sql } = await servedRoles();
const UNKNOWN = '0197c0de-0000-7000-8000-00000000ffff';

async function factsOf(tenant: string) {
  const rows = await sql<{ envelope: Buffer }>('select envelope from outbox where tenant_id = $1 order by seq', [
    tenant,
  ]);
  return rows.map(({ envelope }) => events.Envelope.decode(envelope));
}

describe('a plain resource', () => {
  it('answers NOT_FOUND for what does not exist, cannot exist, or belongs to another tenant', async () => {
    const [mine, other] = [as(aTenant().tenant), as(aTenant().tenant)];
    const { pk } = await client.createRole({ role: { name: 'staff' } }, other);
    for (const uuid of [UNKNOWN, 'no-uuid', pk]) {
      await expect(client.getRole({ uuid }, mine)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await expect(client.updateRole({ uuid, role: { name: 'x' } }, mine)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await expect(client.deleteRole({ uuid }, mine)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await expect(client.listRoleUsedBy({ uuid }, mine)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
    expect((await client.listRoles({}, mine)).results).toEqual([]);
  });

  it('refuses a value twice, names the field, and leaves neither a row nor a fact', async () => {
    const { tenant } = aTenant();
    await client.createRole({ role: { name: 'staff' } }, as(tenant));
    await expect(client.createRole({ role: { name: 'staff' } }, as(tenant))).rejects.toMatchObject({
      violations: [{ field: 'name', description: 'Role with this name already exists.' }],
    });
    expect((await client.listRoles({}, as(tenant))).pagination?.count).toBe(1);
    expect(await factsOf(tenant)).toHaveLength(1);
  });

  it('refuses a request without the object', async () => {
    await expect(client.createRole({}, as(aTenant().tenant))).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('lives from creation to deletion, and tells each step with who did it', async () => {
    const { tenant } = aTenant();
    const { pk } = await client.createRole({ role: { name: 'staff' } }, as(tenant));
    expect(await client.getRole({ uuid: pk }, as(tenant))).toEqual({ pk, name: 'staff' });
    expect(await client.updateRole({ uuid: pk, role: { name: 'crew' }, update_mask: ['name'] }, as(tenant))).toEqual({
      pk,
      name: 'crew',
    });
    expect(await client.updateRole({ uuid: pk, role: {}, update_mask: [] }, as(tenant))).toEqual({ pk, name: 'crew' });
    await client.deleteRole({ uuid: pk }, as(tenant));
    const facts = await factsOf(tenant);
    expect(facts.map(({ subject }) => subject)).toEqual([
      'directory.v1.role.created',
      'directory.v1.role.updated',
      'directory.v1.role.updated',
      'directory.v1.role.deleted',
    ]);
    expect(facts[1]?.actor?.user?.username).toBe('ada');
    const changed = events.ModelChanged.decode(facts[1]?.payload ?? new Uint8Array());
    expect(changed).toEqual({
      ...{ model: 'authentik_rbac.role', pk, name: 'crew', families: [], facts: undefined },
      ...{ changed: ['name'], before: { name: 'staff' }, after: { name: 'crew' } },
    });
  });

  it('lists a page in order, and finds by words', async () => {
    const { tenant } = aTenant();
    for (const name of ['b', 'c', 'a']) await client.createRole({ role: { name } }, as(tenant));
    const page = await client.listRoles({ page_size: 2, ordering: '-name' }, as(tenant));
    expect(page.results.map(({ name }) => name)).toEqual(['c', 'b']);
    expect(page.pagination).toMatchObject({ count: 3, next: 2, total_pages: 2 });
    expect((await client.listRoles({ search: 'a' }, as(tenant))).results).toHaveLength(1);
  });
});
