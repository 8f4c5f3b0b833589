import { directory } from '@postern/proto';
import { type Call, vouchOf } from '@postern/rpc';
import { aTenant } from '@postern/testkit';
import { describe, expect, it } from 'vitest';
import { keeperOf, keepersOf } from '../index.ts';
import { servedRoles } from '../role.fixture.ts';

const { client, as, neighbours } = await servedRoles();
const GROUP = 'postern.directory.v1.Group';
const UNKNOWN = '0197c0de-0000-7000-8000-00000000ffff';

/** A call of a tenant, as far as neighbours look at it. */
function callOf(tenant: string, vouched?: string[]): Call {
  const changeSet = vouched && { id: 'set', tenant, vouched };
  const context = { tenant, principal: { kind: 'service', tenant, name: 'directory' }, changeSet };
  return Object.assign(Object.create(null), {
    context,
    signal: new AbortController().signal,
    deadline: Date.now() + 5_000,
    tokens: {},
  });
}

describe('references', () => {
  it('refuses keys that name nothing, and those of another tenant, by their key', async () => {
    const [mine, other] = [aTenant().tenant, aTenant().tenant];
    const known = await client.createRole({ role: { name: 'staff' } }, as(mine));
    const foreign = await client.createRole({ role: { name: 'staff' } }, as(other));
    const group = directory.Group.fromPartial({ name: 'g', roles: [known.pk, UNKNOWN, foreign.pk] });
    await expect(neighbours.require(GROUP, group, undefined, callOf(mine))).rejects.toMatchObject({
      violations: [
        { field: 'roles', description: `Invalid pk "${UNKNOWN}" - object does not exist.` },
        { field: 'roles', description: `Invalid pk "${foreign.pk}" - object does not exist.` },
      ],
    });
  });

  it('looks only at the fields that the mask names, and accepts what exists', async () => {
    const { tenant } = aTenant();
    const { pk } = await client.createRole({ role: { name: 'staff' } }, as(tenant));
    const group = directory.Group.fromPartial({ name: 'g', roles: [pk.toUpperCase()], users: [1] });
    await expect(neighbours.require(GROUP, group, undefined, callOf(tenant))).rejects.toMatchObject({
      violations: [{ field: 'users' }],
    });
    await neighbours.require(GROUP, group, ['roles', 'name'], callOf(tenant));
  });

  it('asks about long lists in parts', async () => {
    const { tenant } = aTenant();
    const { pk } = await client.createRole({ role: { name: 'staff' } }, as(tenant));
    const others = Array.from({ length: 1_500 }, (_, n) => `0197c0de-0000-7000-8000-${String(n).padStart(12, '0')}`);
    const group = directory.Group.fromPartial({ name: 'g', roles: [...others, pk] });
    const refused = neighbours.require(GROUP, group, undefined, callOf(tenant));
    await expect(refused.catch(({ violations }) => violations.length)).resolves.toBe(1_500);
  });

  it('takes the word of a change set for what it made elsewhere, and for nothing else', async () => {
    const group = directory.Group.fromPartial({ name: 'g', roles: [UNKNOWN], users: [1] });
    const vouching = (...vouched: string[]) =>
      neighbours.require(GROUP, group, undefined, callOf(aTenant().tenant, vouched));
    const role = vouchOf('authentik_rbac.role', UNKNOWN.toUpperCase());
    await expect(vouching(role, vouchOf('authentik_core.group', 1))).rejects.toMatchObject({
      violations: [{ field: 'users' }],
    });
    await vouching(role, vouchOf('authentik_core.user', 1));
  });

  it('knows which app keeps a model', () => {
    expect(keeperOf('authentik_core.user')).toBe('directory');
    expect(keeperOf('authentik_core.application')).toBe('providers');
    expect(keeperOf('authentik_stages_password.passwordstage')).toBe('auth');
    expect(keepersOf('authentik_core.user')).toEqual(['directory']);
    expect(keepersOf('authentik_policies.policybindingmodel')).toEqual(['auth', 'providers', 'tasks']);
    expect(() => keeperOf('unknown.model')).toThrow('no app keeps unknown.model');
  });
});
