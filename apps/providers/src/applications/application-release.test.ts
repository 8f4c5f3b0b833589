import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { aProvider, servedProviders } from '../testing/served-providers.ts';

const app = await servedProviders();

/** An application, its provider, and what somebody gave to it. */
async function aHouse() {
  const own = app.tenant();
  const { pk } = await app.oauth2.createOAuth2Provider({ oauth2_provider: aProvider() }, app.as(own));
  const wiki = { name: 'Wiki', slug: 'wiki', policy_engine_mode: 'any', provider: pk };
  await app.applications.createApplication({ application: wiki }, app.as(own));
  const grant = randomUUID();
  await app.sql(
    `insert into oauth2_grant (pk, tenant_id, provider_pk, user_pk, scopes, auth_time, amr) values ($1, $2, $3, 7, '{}', now(), '{}')`,
    [grant, own, pk],
  );
  const isRevoked = async () => {
    const [row] = await app.sql<{ revoked: Date | null }>('select revoked from oauth2_grant where pk = $1', [grant]);
    return row?.revoked !== null;
  };
  const change = (application: object) =>
    app.applications.updateApplication(
      { slug: 'wiki', application, update_mask: Object.keys(application) },
      app.as(own),
    );
  return { own, pk, change, isRevoked };
}

it('keeps what was issued while an application keeps its provider', async () => {
  const { pk, change, isRevoked } = await aHouse();
  await change({ provider: pk, name: 'Encyclopedia' });
  await change({ slug: 'pedia' });
  expect(await isRevoked()).toBe(false);
});

it('ends what was issued when an application loses its provider', async () => {
  const { change, isRevoked } = await aHouse();
  await change({ provider: undefined });
  expect(await isRevoked()).toBe(true);
});

it('ends what was issued when an application is given another provider', async () => {
  const { own, change, isRevoked } = await aHouse();
  const other = aProvider({ name: 'other', client_id: 'other' });
  const { pk } = await app.oauth2.createOAuth2Provider({ oauth2_provider: other }, app.as(own));
  await change({ provider: pk });
  expect(await isRevoked()).toBe(true);
});

it('ends what was issued when an application is deleted, although its provider stays', async () => {
  const { own, pk, isRevoked } = await aHouse();
  await app.applications.deleteApplication({ slug: 'wiki' }, app.as(own));
  expect(await isRevoked()).toBe(true);
  await expect(app.oauth2.getOAuth2Provider({ id: pk }, app.as(own))).resolves.toMatchObject({ name: 'web' });
});
