import { expect, it } from 'vitest';
import { refusal, servedProviders } from '../../testing/served-providers.ts';

const app = await servedProviders();
const { scopes, as, tenant } = app;
const aMapping = (values: object = {}) => ({ name: 'mine', scope_name: 'mine', expression: 'return {}', ...values });

it('refuses scopes of several words, and names and managed keys that are taken', async () => {
  const own = tenant();
  await app.seed(own);
  const create = (values: object) => scopes.createScopeMapping({ scope_mapping: aMapping(values) }, as(own));
  await expect(create({ scope_name: 'two words' })).rejects.toMatchObject(
    refusal('scope_name', 'Value must not contain spaces.'),
  );
  await expect(create({ name: "authentik default OAuth Mapping: OpenID 'email'" })).rejects.toMatchObject(
    refusal('name', 'Property Mapping with this name already exists.'),
  );
  await expect(create({ managed: 'goauthentik.io/providers/oauth2/scope-email' })).rejects.toMatchObject({
    violations: [{ field: 'managed' }],
  });
});

it('lays down the scopes of the platform, sets them back when they were changed, and keeps those of people', async () => {
  const own = tenant();
  await scopes.createScopeMapping(
    { scope_mapping: aMapping({ name: 'authentik default OAuth Mapping: Proxy outpost' }) },
    as(own),
  );
  await app.seed(own);
  const managed = ['goauthentik.io/providers/oauth2/scope-email', 'goauthentik.io/providers/oauth2/scope-openid'];
  const { results } = await scopes.listScopeMappings({ managed }, as(own));
  expect(results.map(({ scope_name }) => scope_name)).toEqual(['email', 'openid']);
  const pm_uuid = results[0]?.pk ?? '';
  await scopes.updateScopeMapping(
    { pm_uuid, scope_mapping: { expression: 'return 1' }, update_mask: ['expression'] },
    as(own),
  );
  await app.seed(own);
  expect((await scopes.getScopeMapping({ pm_uuid }, as(own))).expression).toContain('"email": request.user.email');
  expect((await scopes.listScopeMappings({}, as(own))).pagination?.count).toBe(5);
  await expect(scopes.getScopeMapping({ pm_uuid }, as(tenant()))).rejects.toMatchObject({ code: 'NOT_FOUND' });
});
