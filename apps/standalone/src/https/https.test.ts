import { createLogger } from '@postern/observability';
import { directory, providers } from '@postern/proto';
import { asService } from '@postern/rpc';
import { createAuthority, freePorts } from '@postern/testkit';
import { expect, it, vi } from 'vitest';
import { headlessHouse } from '../headless/headless-house.fixture.ts';
import { certificateAt, secureClient } from './https.client.fixture.ts';

const SELF_SIGNED = 'authentik Self-signed Certificate';
const HOST = 'localhost';
const BRAND = { branding_title: 'B', branding_logo: '/l.svg', branding_favicon: '/i.png', event_retention: 'days=30' };

const authority = createAuthority('Test authority');
const lines: string[] = [];
const log = createLogger({ level: 'debug', output: { write: (line) => void lines.push(line) } });
const [port = 0] = await freePorts(1);
// With the flows that every installation has.
const house = await headlessHouse({ POSTERN_LISTEN__HTTPS: `127.0.0.1:${port}`, POSTERN_BLUEPRINTS__DIR: '' }, log);
const { running, tenant: standard } = house;
const keys = running.client(providers.CertificateKeyPairServiceDefinition, 'providers');
const brands = running.client(directory.BrandServiceDefinition, 'directory');
const tenants = running.client(directory.TenantServiceDefinition, 'directory');
const secrets: string[] = [];

function textsOf(subject: string) {
  const { cert, key } = authority.issue(subject);
  secrets.push(String(key));
  return { certificate_data: String(cert), key_data: String(key) };
}

async function aPair(name: string, tenant = standard, texts = textsOf(name)): Promise<string> {
  return (await keys.createCertificateKeyPair({ certificate_key_pair: { name, ...texts } }, asService(tenant))).pk;
}

const aBrand = (domain: string, web_certificate?: string, tenant = standard) =>
  brands.createBrand({ brand: { ...BRAND, domain, web_certificate } }, asService(tenant));

const shown = async (host?: string) => (await certificateAt(port, host)).name;
/** Facts take a moment to reach the gateway; nothing else is waited for. */
const untilShown = (host: string, name: string) => vi.waitFor(async () => expect(await shown(host)).toBe(name), 10_000);

it('shows the self-signed pair of the default tenant to whoever asks for a host that nobody knows, or for none', async () => {
  const seen = await Promise.all(['who.knows', undefined].map((host) => certificateAt(port, host)));
  expect(seen.map(({ name }) => name)).toEqual([SELF_SIGNED, SELF_SIGNED]);
  expect(seen[0]?.fingerprint).toBe(seen[1]?.fingerprint);
});

it('shows the pair of the brand with the host, of the one that it lies below, and of another tenant', async () => {
  await aBrand('one.example', await aPair('one'));
  await aBrand('two.example', await aPair('two'));
  const { tenant } = await tenants.createTenant(
    { name: 'Own', domains: ['own.example', 'plain.example'] },
    asService(''),
  );
  await aBrand('own.example', await aPair('own', tenant), tenant);
  await untilShown('one.example', 'one');
  await untilShown('two.example', 'two');
  await untilShown('own.example', 'own');
  expect(await shown('www.two.example')).toBe('two');
  expect(await shown('bad-one.example')).toBe(SELF_SIGNED);
  // What a tenant starts with comes a moment after it; it is not that of the default tenant.
  const { fingerprint } = await certificateAt(port, 'who.knows');
  await vi.waitFor(async () => {
    const plain = await certificateAt(port, 'plain.example');
    expect([plain.name, plain.fingerprint === fingerprint]).toEqual([SELF_SIGNED, false]);
  }, 10_000);
});

it('shows a renewed or another pair without a restart, and the self-signed one when it is deleted', async () => {
  const [first, second] = [await aPair('first'), await aPair('second')];
  const { brand_uuid } = await aBrand('changing.example', first);
  await untilShown('changing.example', 'first');
  const renewed = { certificate_key_pair: textsOf('renewed'), update_mask: ['certificate_data', 'key_data'] };
  await keys.updateCertificateKeyPair({ kp_uuid: first, ...renewed }, asService(standard));
  await untilShown('changing.example', 'renewed');
  const chosen = { brand: { web_certificate: second }, update_mask: ['web_certificate'] };
  await brands.updateBrand({ brand_uuid, ...chosen }, asService(standard));
  await untilShown('changing.example', 'second');
  await keys.deleteCertificateKeyPair({ kp_uuid: second }, asService(standard));
  await untilShown('changing.example', SELF_SIGNED);
});

it('shows the self-signed pair in place of one without a key, or with the key of another', async () => {
  const { certificate_data } = textsOf('verify');
  await aBrand('keyless.example', await aPair('verify', standard, { certificate_data, key_data: '' }));
  const mixed = await aPair('mixed');
  await house.sql('update providers.certificate_key_pair set certificate_data = $1 where pk = $2', [
    certificate_data,
    mixed,
  ]);
  await aBrand('mixed.example', mixed);
  await aBrand('fitting.example', await aPair('fitting'));
  await untilShown('fitting.example', 'fitting');
  expect([await shown('keyless.example'), await shown('mixed.example')]).toEqual([SELF_SIGNED, SELF_SIGNED]);
});

it('signs people in with cookies that never leave HTTPS, and tells applications an issuer of https', async () => {
  await aBrand(HOST, await aPair(HOST));
  await untilShown(HOST, HOST);
  const { username, password } = await house.person();
  const client = secureClient({ port, host: HOST, ca: String(authority.ca) });
  const slug = 'default-authentication-flow';
  await client.step(slug);
  await client.step(slug, { component: 'ak-stage-identification', uid_field: username });
  const done = await client.step(slug, { component: 'ak-stage-password', password });
  expect(done).toMatchObject({ component: 'xak-flow-redirect' });
  expect(client.cookies.filter((line) => line.startsWith('authentik_session=')).length).toBeGreaterThan(0);
  expect(client.cookies.filter((line) => !/; *secure/i.test(line))).toEqual([]);
  const me = await client.send('/api/v3/core/users/me/');
  expect(JSON.parse(me.text)).toMatchObject({ user: { username } });

  await anApplication('shop');
  const discovery = await client.send('/application/o/shop/.well-known/openid-configuration');
  const { issuer, token_endpoint } = JSON.parse(discovery.text);
  expect([issuer, token_endpoint]).toEqual([
    `https://${HOST}:${port}/application/o/shop/`,
    `https://${HOST}:${port}/application/o/token/`,
  ]);
});

async function anApplication(slug: string): Promise<void> {
  const [flow] = await house.sql<{ pk: string }>(
    "select pk from auth.flow where slug = 'default-provider-authorization-implicit-consent' and tenant_id = $1",
    [standard],
  );
  const applications = running.client(providers.ApplicationServiceDefinition, 'providers');
  const oauth2 = running.client(providers.OAuth2ProviderServiceDefinition, 'providers');
  const provider = {
    name: slug,
    authorization_flow: flow?.pk,
    client_type: 'confidential',
    client_id: slug,
    access_code_validity: 'minutes=1',
    access_token_validity: 'hours=1',
    refresh_token_validity: 'days=30',
    sub_mode: 'hashed_user_id',
    issuer_mode: 'per_provider',
    redirect_uris: 'https://app.example/cb',
  };
  const { pk } = await oauth2.createOAuth2Provider({ oauth2_provider: provider }, asService(standard));
  const application = { name: slug, slug, provider: pk, policy_engine_mode: 'any' };
  await applications.createApplication({ application }, asService(standard));
}

it('wrote no private key into the log', () => {
  const logged = lines.join('');
  expect(logged).toContain('a key pair of the web server');
  expect(logged).not.toContain('PRIVATE KEY');
  for (const line of secrets.flatMap((key) => key.split('\n').filter((one) => /^[\w+/]{40}/.test(one))))
    expect(logged).not.toContain(line);
});
