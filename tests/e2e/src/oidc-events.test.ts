import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Api, apiOf, type Json, until } from './api.client.ts';
import { type FlowClient, signIn } from './flow.client.ts';
import { authorizeBy } from './oidc-browser.ts';
import { aClient, CALLBACK } from './oidc-clients.ts';
import { ADMIN_PASSWORD, ADMIN_TOKEN, oneProcess, type Platform } from './platforms.ts';
import type { Registered } from './scenery.ts';

let platform: Platform;
let api: Api;
let browser: FlowClient;
let told: Registered;

beforeAll(async () => {
  platform = await oneProcess.start();
  api = apiOf({ url: platform.url, token: ADMIN_TOKEN });
  told = await aClient(api, { slug: 'told' });
  browser = await signIn({ url: platform.url, username: 'akadmin', password: ADMIN_PASSWORD });
});
afterAll(() => platform?.stop());

const HEX = /^[0-9a-f]{32}$/;
const application = { app: 'authentik_core', model_name: 'application', name: 'told', pk: expect.stringMatching(HEX) };
const provider = () => ({
  app: 'authentik_providers_oauth2',
  model_name: 'oauth2provider',
  name: 'told',
  pk: told.provider,
});

/** The events of an action, once there are so many. */
async function events(action: string, count = 1): Promise<Json[]> {
  return until(
    () => api.list(`/events/events/?action=${action}&ordering=created`),
    (found) => found.length >= count,
  );
}

async function aCode(scope = 'openid'): Promise<string> {
  const url = new URL('/application/o/authorize/', platform.url);
  const { id: client_id } = told.client;
  url.search = new URLSearchParams({ response_type: 'code', client_id, redirect_uri: CALLBACK, scope }).toString();
  return (await authorizeBy(browser, url)).url.searchParams.get('code') ?? '';
}

async function redeem(parameters: Record<string, string>): Promise<Json> {
  const own = { client_id: told.client.id, client_secret: told.client.secret };
  const body = new URLSearchParams({ ...own, redirect_uri: CALLBACK, ...parameters });
  const answer = await fetch(new URL('/application/o/token/', platform.url), { method: 'POST', body });
  return Object(await answer.json());
}

const byCode = async (rest: Record<string, string> = {}, scope?: string) =>
  redeem({ grant_type: 'authorization_code', code: await aCode(scope), ...rest });

it('tells who let which application know who they are', async () => {
  await aCode('openid email');
  const [event] = await events('authorize_application');
  expect(event).toMatchObject({
    app: 'authentik.providers.oauth2.views.authorize',
    user: { username: 'akadmin' },
    client_ip: '127.0.0.1',
    context: {
      authorized_application: application,
      flow: expect.stringMatching(HEX),
      scopes: 'openid email',
      http_request: { path: '/application/o/authorize/', method: 'GET' },
    },
  });
});

it('tells of what works once and came back, and whose it was', async () => {
  const { refresh_token } = await byCode();
  const again = { grant_type: 'refresh_token', refresh_token: String(refresh_token) };
  await redeem(again);
  expect(await redeem(again)).toMatchObject({ error: 'invalid_grant' });
  const code = { grant_type: 'authorization_code', code: await aCode() };
  await redeem(code);
  expect(await redeem(code)).toMatchObject({ error: 'invalid_grant' });
  const found = await events('suspicious_request', 2);
  const shared = { app: 'authentik.providers.oauth2.views.token', user: { username: 'akadmin' } };
  expect(found).toMatchObject([
    { ...shared, context: { message: 'Revoked refresh token was used', provider: provider() } },
    { ...shared, context: { message: 'An authorization code was used again', provider: provider() } },
  ]);
});

it('tells of an address that does not belong to a code', async () => {
  expect(await byCode({ redirect_uri: 'https://evil.example/cb' })).toMatchObject({ error: 'invalid_grant' });
  const [event] = await events('configuration_error');
  expect(event?.context).toMatchObject({
    message: 'Invalid redirect URI used by provider',
    provider: provider(),
    redirect_uri: 'https://evil.example/cb',
    expected: [CALLBACK],
  });
});

it('tells of a mapping whose program fails, and of the client that lacks its claims', async () => {
  const broken = { name: 'broken', scope_name: 'broken', expression: 'raise ValueError("no such team")' };
  const { pk } = await api.post('/propertymappings/scope/', broken);
  const { property_mappings } = await api.get(`/providers/oauth2/${told.provider}/`);
  await api.patch(`/providers/oauth2/${told.provider}/`, { property_mappings: [...Object(property_mappings), pk] });
  await until(
    () => byCode({}, 'openid broken'),
    ({ scope }) => String(scope).includes('broken'),
  );
  const [failed] = await events('property_mapping_exception');
  expect(failed?.context).toMatchObject({ expression: broken.expression, message: expect.stringContaining('no such') });
  const [, event] = await events('configuration_error', 2);
  expect(event?.context).toMatchObject({
    message: "Failed to evaluate property-mapping: 'broken'",
    provider: provider(),
    mapping: { app: 'authentik_providers_oauth2', model_name: 'scopemapping', name: 'broken', pk: expect.any(String) },
  });
});

it('tells of a program that signs in by an app password', async () => {
  const robot = await api.post('/core/users/service_account/', { name: 'robot', create_group: false });
  const shown = { username: String(robot.username), password: String(robot.token) };
  expect(await redeem({ grant_type: 'client_credentials', ...shown, client_secret: '' })).toHaveProperty(
    'access_token',
  );
  const found = await until(
    () => events('login'),
    (all) => all.some(({ user }) => Object(user).username === 'robot'),
  );
  expect(found.find(({ user }) => Object(user).username === 'robot')?.context).toMatchObject({
    auth_method: 'token',
    auth_method_args: { identifier: expect.stringContaining('robot') },
    application,
  });
});
