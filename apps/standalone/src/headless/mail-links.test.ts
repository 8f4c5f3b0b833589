import { once } from 'node:events';
import { request } from 'node:http';
import { directory } from '@postern/proto';
import { asService } from '@postern/rpc';
import { expect, it } from 'vitest';
import { headlessHouse } from './headless-house.fixture.ts';

const house = await headlessHouse({ POSTERN_LINKS__HOSTS: 'id.example,login.example:8443' });
const PASSWORD = 'a long walk in the hills';
const unlimited = { signup: '', reset_password: '', request_login_code: '', confirm_email_by_link: '' };
const settings = { signup_open: true, login_by_code_enabled: true, rate_limits: unlimited };
await house.set(settings);

/** What somebody says our host is, in the mail that somebody else gets. */
const FORGED = [
  'evil.example',
  'id.example.evil.example',
  'id.example@evil.example',
  'evil.example#id.example',
  'evil.example/id.example',
  'evil.example\\id.example',
  'evil.example?id.example',
  'id.example:80@evil.example',
  'id.example, evil.example',
  'evil.example:id.example',
  'id.example.',
  'id.example:8443',
  'id.example:99999',
  'login.example',
  'EVIL.example',
  '[::1]',
  '%65vil.example',
  '0x7f.1',
  '..',
];
const WAYS = [
  ['/_allauth/app/v1/auth/password/request', ({ email }) => ({ email })],
  ['/_allauth/app/v1/auth/signup', ({ email }) => ({ username: email.replace('@', '-'), email, password: PASSWORD })],
  ['/_allauth/app/v1/auth/code/request', ({ email }) => ({ email })],
  ['/api/auth/password/reset/', ({ email }) => ({ email })],
  ['/api/auth/registration/resend-email/', ({ email }) => ({ email })],
] as const satisfies [string, (to: { email: string }) => object][];

async function send(host: string, path: string, body: object): Promise<number> {
  const headers = { host, 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' };
  const sent = request(`${house.url}${path}`, {
    method: 'POST',
    setHost: false,
    headers: { ...headers, 'content-type': 'application/json' },
  });
  sent.end(JSON.stringify(body));
  const [response] = await once(sent, 'response');
  await once(response.resume(), 'end');
  return Number(response.statusCode);
}

/** Hosts that a mail leads to, and whether it holds anything of somebody else's. */
async function read(address: string) {
  const { text, subject } = await house.mailTo(address);
  const hosts = [...text.matchAll(/https?:\/\/([^/\s"]*)/g)].map(([, host = '']) => host);
  return { hosts: [...new Set(hosts)], isEvil: /evil/i.test(text + subject) };
}

let count = 0;
async function somebody(path: string) {
  count += 1;
  const email = `reader-${count}@example.com`;
  // Who signs up, and who asks for a code as nobody, get links; the others have an account.
  return path.endsWith('/signup') || path.endsWith('/code/request') ? { email } : house.person({ email });
}

it.each(WAYS)('%s leads to a host of the installation, whatever host is claimed', async (path, body) => {
  let mails = 0;
  for (const host of FORGED) {
    const { email } = await somebody(path);
    const status = await send(host, path, body({ email }));
    expect({ host, isFine: status < 500 }).toEqual({ host, isFine: true });
    if (status >= 402) continue;
    expect({ host, ...(await read(email)) }).toEqual({ host, hosts: ['id.example'], isEvil: false });
    mails += 1;
  }
  expect(mails).toBeGreaterThan(FORGED.length / 2);
});

it('leads to each host that is named for it', async () => {
  const [path, body] = WAYS[0];
  for (const host of ['id.example', 'login.example:8443']) {
    const { email } = await house.person();
    expect(await send(host, path, body({ email }))).toBe(200);
    expect((await read(email)).hosts).toEqual([host]);
  }
});

it('leads to the domain of a tenant that is found by it, and finds it by nothing else', async () => {
  const tenants = house.running.client(directory.TenantServiceDefinition, 'directory');
  const { tenant } = await tenants.createTenant({ name: 'Own', domains: ['own.example'] }, asService(''));
  const stored = 'insert into auth.headless_settings (tenant_id, pk, settings) values ($1, gen_random_uuid(), $2)';
  await house.sql(stored, [tenant, JSON.stringify({ ...settings, email_verification: 'mandatory' })]);
  const [path, body] = WAYS[1];
  const sent = async (host: string) => {
    count += 1;
    const email = `own-${count}@example.com`;
    expect((await send(host, path, body({ email }))) < 402).toBe(true);
    return read(email);
  };
  expect(await sent('own.example')).toEqual({ hosts: ['own.example'], isEvil: false });
  for (const host of ['evil.example', 'own.example.evil.example', 'own.example@evil.example', 'evil.own.example'])
    expect({ host, ...(await sent(host)) }).toEqual({ host, hosts: ['id.example'], isEvil: false });
});
