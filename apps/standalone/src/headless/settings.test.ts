import { randomUUID } from 'node:crypto';
import { auth as authApi, tasks as tasksApi } from '@postern/proto';
import { asService, createSealer, noClient } from '@postern/rpc';
import { TEST_SECRET } from '@postern/testkit';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { headlessHouse } from './headless-house.fixture.ts';

const TOKEN = `boot-${randomUUID()}`;
const house = await headlessHouse({ POSTERN_BOOTSTRAP_TOKEN: TOKEN });
const configuration = house.running.client(tasksApi.BlueprintConfigurationServiceDefinition);

afterEach(() => house.reset());

const service = house.running.client(authApi.HeadlessSettingsServiceDefinition, 'auth');

/** Somebody who may change the settings of the system, and no more. */
function delegate() {
  const sealer = createSealer(TEST_SECRET, { now: Date.now });
  const { tenant } = house;
  const user = { pk: 77, uuid: randomUUID(), username: 'd', name: 'D', email: '', type: 'internal' as const };
  const permissions = ['authentik_rbac.edit_system_settings'];
  const principal = { kind: 'user' as const, tenant, user, superuser: false, permissions, via: 'api_token' as const };
  return {
    context: { principal: sealer.sealPrincipal(principal), client: sealer.sealClient(noClient(tenant, 'request')) },
  };
}

async function ask(method: string, body?: unknown, headers: Record<string, string> = admin) {
  const response = await fetch(`${house.url}/api/postern/v1/headless/settings/`, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: Object(await response.json()) };
}

const admin = { authorization: `Bearer ${TOKEN}` };

// The administrator's token is made by what the service hears of them.
beforeAll(() => vi.waitFor(async () => expect((await ask('GET')).status).toBe(200), { timeout: 10_000 }));

describe('settings of the headless API', () => {
  it('are for whoever may see the settings of the system', async () => {
    expect(await ask('GET', undefined, {})).toMatchObject({ status: 403 });
    expect(await ask('PATCH', { login_by_code_enabled: true }, {})).toMatchObject({ status: 403 });
  });

  it('are the defaults until somebody changes them, and change as far as the body goes', async () => {
    const before = await ask('GET');
    expect(before).toMatchObject({
      status: 200,
      body: { login_methods: ['username'], signup_group: '', login_timeout: 900, rate_limits: {}, signup_open: false },
    });
    const changed = await ask('PATCH', { login_by_code_enabled: true, rate_limits: { login: '7/m/ip' } });
    const after = { ...before.body, login_by_code_enabled: true, rate_limits: { login: '7/m/ip' } };
    expect(changed).toEqual({ status: 200, body: after });
    expect(await ask('PUT', { login_by_code_max_attempts: 5 })).toEqual({
      status: 200,
      body: { ...after, login_by_code_max_attempts: 5 },
    });
    const { body } = await house.app().get('/auth/session');
    expect(body.data).toMatchObject({ flows: [{ id: 'login' }, { id: 'login_by_code' }] });
  });

  it.each([
    [{ login_methods: ['fax'] }, 'login_methods'],
    [{ login_methods: [] }, 'login_methods'],
    [{ email_verification: 'sometimes' }, 'email_verification'],
    [{ enumeration: '' }, 'enumeration'],
    [{ user_code_format: 'emoji' }, 'user_code_format'],
    [{ token_strategy: 'paper' }, 'token_strategy'],
    [{ jwt_algorithm: 'none' }, 'jwt_algorithm'],
    [{ clients: ['toaster'] }, 'clients'],
    [{ mfa_supported_types: ['sms'] }, 'mfa_supported_types'],
    [{ login_by_code_required: ['code'] }, 'login_by_code_required'],
    [{ login_by_code_max_attempts: 0 }, 'login_by_code_max_attempts'],
    [{ login_timeout: 1e9 }, 'login_timeout'],
    [{ mfa_recovery_code_digits: 2 }, 'mfa_recovery_code_digits'],
    [{ signup_open: 'maybe' }, 'signup_open'],
    [{ signup_fields: ['username*', 'age'] }, 'signup_fields'],
    [{ trusted_origins: ['*'] }, 'trusted_origins'],
    [{ signup_group: randomUUID() }, 'signup_group'],
  ])('refuse %j, naming the field, and stay', async (change, field) => {
    const { status, body } = await ask('PATCH', { login_by_code_timeout: 99, ...change });
    expect(status).toBe(400);
    expect(Object.keys(body)).toEqual([field]);
    expect((await ask('GET')).body.login_by_code_timeout).toBe(180);
  });

  it.each([
    [{ trusted_origins: ['https://evil.example'] }],
    [{ frontend_urls: { account_reset_password_from_key: 'https://evil.example/{key}' } }],
    [{ social_email_authentication: true }],
  ])('that give accounts away are for superusers alone: %j', async (change) => {
    const [all, mask] = [(await ask('GET')).body, Object.keys(change)];
    const request = { settings: authApi.HeadlessSettings.fromPartial({ ...all, ...change }), update_mask: mask };
    await expect(service.updateHeadlessSettings(request, delegate())).rejects.toMatchObject({
      reason: 'RIGHTS_BEYOND_YOURS',
    });
    const harmless = { ...request, update_mask: ['login_timeout'] };
    expect(await service.updateHeadlessSettings(harmless, delegate())).toMatchObject({ login_timeout: 900 });
  });

  it('let go of a group that is deleted', async () => {
    const post = { method: 'POST', headers: { ...admin, 'content-type': 'application/json' } };
    const group = await fetch(`${house.url}/api/v3/core/groups/`, { ...post, body: '{"name":"newcomers"}' });
    const { pk } = Object(await group.json());
    expect((await ask('PATCH', { signup_group: pk })).body.signup_group).toBe(pk);
    await fetch(`${house.url}/api/v3/core/groups/${pk}/`, { method: 'DELETE', headers: admin });
    await expect.poll(async () => (await ask('GET')).body.signup_group).toBe('');
  });

  it('are configuration: exported, planned and applied', async () => {
    const origin = asService(house.tenant);
    const patience = { deadlineMs: 60_000 };
    await ask('PATCH', { login_methods: ['email', 'username'], signup_domains: ['@example.com'] });
    const { documents } = await configuration.exportConfiguration({}, origin, patience);
    const [, entry = ''] =
      /(- model: authentik_auth\.headlesssettings\n(?: {2}.*\n)*)/.exec(documents[0]?.text ?? '') ?? [];
    expect(entry).toContain('login_methods:\n    - email\n    - username\n');
    expect(entry).not.toContain('login_timeout');
    await ask('PATCH', { login_methods: ['username'], signup_domains: [] });
    const document = { name: 'a.yaml', text: `entries:\n${entry}` };
    const request = { documents: [document], complete: false };
    const planned = await configuration.planDocuments(request, origin, patience);
    expect(planned.changes).toMatchObject([
      {
        model: 'authentik_auth.headlesssettings',
        action: 'updated',
        fields: [{ field: 'login_methods' }, { field: 'signup_domains' }],
      },
    ]);
    expect((await configuration.applyDocuments(request, origin, patience)).status).toBe('successful');
    expect((await ask('GET')).body).toMatchObject({
      login_methods: ['email', 'username'],
      signup_domains: ['@example.com'],
    });
    const wrong = {
      documents: [
        {
          name: 'b.yaml',
          text: `entries:\n- model: authentik_auth.headlesssettings\n  attrs:\n    rate_limits: {login: often}\n`,
        },
      ],
      complete: false,
    };
    expect(await configuration.applyDocuments(wrong, origin, patience)).toMatchObject({
      status: 'error',
      logs: [{ field: 'attrs.rate_limits' }],
    });
  });
});
