import { loadRegistry, operations } from '@postern/proto';
import { createClient, createSealer, type ServiceDefinition } from '@postern/rpc';
import { expect, it } from 'vitest';
import { buildEndpoints } from './endpoints.ts';

const registry = loadRegistry();
const sealer = createSealer('a secret key for tests');
const nowhere = { unary: () => Promise.reject(new Error('nobody is called')), close: () => undefined };
const client = <Definition extends ServiceDefinition>(definition: Definition) =>
  createClient(definition, nowhere, { sealer, service: 'gateway' });

it('builds an endpoint for every binding of every app, and none for what services alone may call', () => {
  const apps = new Set(['auth', 'directory', 'providers', 'tasks']);
  const endpoints = buildEndpoints({ registry, client, apps });
  const served = operations(registry).filter(({ service, access }) => {
    return apps.has(service.typeName.split('.')[1] ?? '') && access?.kind !== 'internal';
  });
  expect(endpoints.length).toBe(served.flatMap(({ bindings }) => bindings).length);
  expect(endpoints.every(({ operation }) => operation.access !== undefined)).toBe(true);
});
