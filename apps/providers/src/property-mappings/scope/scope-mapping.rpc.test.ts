import { expect, it } from 'vitest';
import { refusal, servedProviders } from '../../testing/served-providers.ts';

const app = await servedProviders();
const { scopes, as, tenant } = app;
const aMapping = (values: object = {}) => ({ name: 'mine', scope_name: 'mine', expression: 'return {}', ...values });

it('refuses scopes of several words, and names and managed keys that are taken', async () => {
  const own = tenant();
  const managed = 'goauthentik.io/providers/oauth2/scope-email';
  await scopes.createScopeMapping({ scope_mapping: aMapping({ name: 'taken', managed }) }, as(own));
  const create = (values: object) => scopes.createScopeMapping({ scope_mapping: aMapping(values) }, as(own));
  await expect(create({ scope_name: 'two words' })).rejects.toMatchObject(
    refusal('scope_name', 'Value must not contain spaces.'),
  );
  await expect(create({ name: 'taken' })).rejects.toMatchObject(
    refusal('name', 'Property Mapping with this name already exists.'),
  );
  await expect(create({ managed })).rejects.toMatchObject({
    violations: [{ field: 'managed' }],
  });
});

it('keeps the mappings of tenants apart', async () => {
  const own = tenant();
  const { pk: pm_uuid } = await scopes.createScopeMapping({ scope_mapping: aMapping() }, as(own));
  expect(await scopes.getScopeMapping({ pm_uuid }, as(own))).toMatchObject({ scope_name: 'mine' });
  await expect(scopes.getScopeMapping({ pm_uuid }, as(tenant()))).rejects.toMatchObject({ code: 'NOT_FOUND' });
});
