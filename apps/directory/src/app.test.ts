import { defineConfig } from '@postern/config';
import { DEFAULT_TENANT } from '@postern/database';
import { createLogger } from '@postern/observability';
import { directory as api } from '@postern/proto';
import { asService, type Client } from '@postern/rpc';
import { defineApp, startProcess } from '@postern/service';
import { TEST_SECRET, testDatabase } from '@postern/testkit';
import { expect, it } from 'vitest';
import { directory } from './index.ts';

const { url } = await testDatabase({ schema: 'directory', entities: [], migrations: [] });

it('starts on an empty database, and seeds a tenant when it hears of it', async () => {
  const clients: Client<api.TenantServiceDefinition>[] = [];
  const people: Client<api.UserDirectoryServiceDefinition>[] = [];
  const asking = defineApp({
    name: 'gateway',
    settings: defineConfig({}),
    build({ client }) {
      clients.push(client(api.TenantServiceDefinition));
      people.push(client(api.UserDirectoryServiceDefinition));
      return {};
    },
  });
  const running = await startProcess({
    manifests: [directory, asking],
    log: createLogger({ level: 'silent' }),
    env: {
      POSTERN_SECRET_KEY: TEST_SECRET,
      POSTERN_DATABASE__URL: url,
      POSTERN_LISTEN__METRICS: '127.0.0.1:0',
      POSTERN_BOOTSTRAP_EMAIL: 'boss@example.com',
    },
  });
  const admin = async (tenant: string) => {
    const request = { identifier: 'AKADMIN', fields: ['username'] };
    return (await people[0]?.findByIdentifier(request, asService(tenant)))?.facts?.email;
  };
  expect(await admin(DEFAULT_TENANT)).toBe('boss@example.com');
  const created = await clients[0]?.createTenant(
    { name: 'Acme', domains: ['acme.example'] },
    asService(DEFAULT_TENANT),
  );
  await expect.poll(() => admin(created?.tenant ?? '')).toBe('root@example.com');
  await running.stop();
});
