import { MODELS } from '@postern/models';
import { loadRegistry, operations } from '@postern/proto';
import { describe, expect, it } from 'vitest';
import { readModels } from './index.ts';

const registry = loadRegistry();
const models = readModels(registry);

function model(label: string) {
  const found = models.get(label);
  if (!found) throw new Error(`no ${label}`);
  return found;
}

describe('the models of blueprints', () => {
  it('are all of the contract that somebody may create, change or delete', () => {
    const changed = operations(registry)
      .filter(({ bindings }) => bindings.length > 0)
      .flatMap(({ access }) => (access?.kind === 'permission' ? [access.permission] : []))
      .flatMap((permission) => /^(\w+)\.(?:add|change|delete)_(\w+)$/.exec(permission)?.slice(1, 3).join('.') ?? []);
    const wanted = MODELS.map(({ name }) => name).filter((label) => changed.includes(label));
    expect(wanted.filter((label) => !models.has(label))).toEqual([]);
    expect(wanted.length).toBeGreaterThan(25);
  });

  it('are no families, whose kinds are made instead, and nothing that only the platform makes', () => {
    const refused = ['authentik_flows.stage', 'authentik_core.provider', 'authentik_core.authenticatedsession'];
    expect(refused.filter((label) => models.has(label))).toEqual([]);
  });

  it('are of the contract, but for what is set beside it', () => {
    const label = 'postern_providers_oauth2.clientsettings';
    expect([...models.keys()].filter((each) => !each.startsWith('authentik_'))).toEqual([label]);
    const { app, keyField, identifiedBy, fields, operations: own } = model(label);
    expect([app, keyField, identifiedBy]).toEqual(['providers', 'provider', ['provider']]);
    expect(fields.get('provider')?.reference).toBe('authentik_providers_oauth2.oauth2provider');
    expect([own.list, own.create, own.update, own.remove].every((operation) => operation !== undefined)).toBe(true);
    expect([...fields.values()].filter(({ default: unset }) => unset === undefined)).toEqual([]);
  });

  it('know what names an object, in paths, in references and for policies', () => {
    const names = (label: string) => {
      const { keyField, pathField, targetField, app } = model(label);
      return [app, keyField, pathField, targetField];
    };
    expect(names('authentik_flows.flow')).toEqual(['auth', 'pk', 'slug', 'policybindingmodel_ptr_id']);
    expect(names('authentik_core.token')).toEqual(['auth', 'pk', 'identifier', 'pk']);
    expect(names('authentik_core.group')).toEqual(['directory', 'pk', 'pk', 'pk']);
    expect(names('authentik_brands.brand')).toEqual(['directory', 'brand_uuid', 'brand_uuid', 'brand_uuid']);
    expect(names('authentik_core.application')).toEqual(['providers', 'pk', 'slug', 'pk']);
    expect(model('authentik_flows.flow').aliases.get('flow_uuid')).toBe('pk');
    expect(model('authentik_flows.flowstagebinding').aliases.get('pbm_uuid')).toBe('policybindingmodel_ptr_id');
  });

  it('are settings as well, of which there is one in each tenant', () => {
    const singletons = [...models.values()].filter(({ singleton }) => singleton);
    expect(
      singletons.map(({ label, app, operations: { list, create, remove } }) => [label, app, list, create, remove]),
    ).toEqual([
      ['authentik_auth.headlesssettings', 'auth', undefined, undefined, undefined],
      ['authentik_tenants.settings', 'directory', undefined, undefined, undefined],
    ]);
    expect(singletons.map(({ operations: own }) => own.update?.method.name)).toEqual([
      'UpdateHeadlessSettings',
      'UpdateSettings',
    ]);
    // What an import resets them to: it must be what a tenant starts with.
    const fields = singletons.flatMap((one) => [...one.fields.values()]);
    expect(fields.filter(({ default: unset }) => unset === undefined)).toEqual([]);
    expect(MODELS.map(({ name }) => name)).not.toContain('authentik_tenants.settings');
  });

  it('know what can be set, what must be, what it defaults to and what it refers to', () => {
    const { fields, filters } = model('authentik_core.user');
    expect(fields.get('username')).toMatchObject({ required: true, writable: true, readable: true });
    expect(fields.get('is_superuser')).toMatchObject({ writable: false });
    expect(fields.get('path')).toMatchObject({ default: 'users', required: false });
    expect(fields.get('groups')).toMatchObject({ reference: 'authentik_core.group', isList: true, default: [] });
    expect(filters.has('username')).toBe(true);
    expect(model('authentik_crypto.certificatekeypair').fields.get('key_data')).toMatchObject({ readable: false });
  });
});
