import { aTenant, testDatabase } from '@postern/testkit';
import { expect, it } from 'vitest';
import { ApplicationEntity } from '../applications/index.ts';
import { createSigningKeys } from '../keys/index.ts';
import { ScopeMappingEntity } from '../property-mappings/index.ts';
import { OAuth2ProviderEntity } from '../providers/index.ts';
import { entities, migrations } from '../schema.ts';
import { createClients } from './index.ts';

const { db } = await testDatabase({ schema: 'providers', entities, migrations });
const clients = createClients({ signingKeys: createSigningKeys() });
const FLOW = '0197c0de-0000-7000-8000-00000000f10a';

it('finds a client by its id and by the slug of its application, and nobody else of another tenant', async () => {
  const scope = aTenant();
  await db.write(scope, async (em) => {
    const mapping = em.create(ScopeMappingEntity, {
      kind: 'scope',
      name: 'openid',
      scopeName: 'openid',
      expression: 'return {}',
    });
    const provider = em.create(OAuth2ProviderEntity, {
      kind: 'oauth2',
      name: 'web',
      clientId: 'web',
      clientSecret: 'hush',
      authorizationFlow: FLOW,
      redirectUris: 'https://a.example/cb\n^https://b\\.example/.*',
      propertyMappings: [mapping.pk],
    });
    em.create(ApplicationEntity, { name: 'Web', slug: 'web-app', provider });
    em.create(OAuth2ProviderEntity, {
      kind: 'oauth2',
      name: 'idle',
      clientId: 'idle',
      clientSecret: '',
      authorizationFlow: FLOW,
    });
  });
  const byId = await db.read(scope, (em) => clients.findByClientId(em, 'web'));
  expect(byId).toMatchObject({
    clientId: 'web',
    clientSecret: 'hush',
    accessCodeValidity: 60,
    refreshTokenValidity: 2_592_000,
    authorizationFlow: FLOW,
    application: { name: 'Web', slug: 'web-app' },
    scopes: [{ scopeName: 'openid', expression: 'return {}' }],
    jwksSources: [],
  });
  expect(byId?.signingKey).toBeUndefined();
  expect(await db.read(scope, (em) => clients.findBySlug(em, 'web-app'))).toEqual(byId);
  expect(await db.read(scope, (em) => clients.find(em, byId?.pk ?? 0))).toEqual(byId);
  expect(await db.read(scope, (em) => clients.findBySlug(em, 'web'))).toBeUndefined();
  expect((await db.read(scope, (em) => clients.findByClientId(em, 'idle')))?.application).toBeUndefined();
  expect(await db.read(aTenant(), (em) => clients.findByClientId(em, 'web'))).toBeUndefined();
});
