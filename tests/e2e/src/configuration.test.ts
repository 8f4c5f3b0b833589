import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { environment } from '@postern/config';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Api, apiOf } from './api.client.ts';
import { ADMIN_TOKEN, newInstallation, type Platform } from './platforms.ts';

const COMMAND = fileURLToPath(new URL('../../../apps/standalone/src/main.ts', import.meta.url));
const PASSPHRASE = 'a long walk in the hills';
const PROVIDER = {
  name: 'grafana: "#1"',
  client_id: 'grafana',
  client_secret: 'not for everybody',
  redirect_uris: 'https://g.example/cb',
};

const SETTINGS = { require_pkce: true, post_logout_redirect_uris: ['https://g.example/'], response_types: ['code'] };
const settingsOf = (provider: unknown) => `/api/postern/v1/oauth2/clients/${provider}/settings/`;

const PNG = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from('wiki')]);
const GIF = Buffer.from('474946383961aabb', 'hex');

let folder: string;
let platform: Platform;
let api: Api;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-export-'));
  await begin();
});

afterAll(async () => {
  await platform?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A new installation, with nothing but what every one starts with. */
async function begin(): Promise<void> {
  platform = await newInstallation.start();
  api = apiOf({ url: platform.url, token: ADMIN_TOKEN });
}

/** Runs the `postern` command. */
async function postern(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const { PATH, NODE_COMPILE_CACHE } = environment();
  const own = { POSTERN_URL: platform.url, POSTERN_TOKEN: ADMIN_TOKEN, POSTERN_PASSPHRASE: PASSPHRASE };
  try {
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ['--conditions=@postern/source', COMMAND, ...args],
      { env: { PATH, NODE_COMPILE_CACHE, ...own } },
    );
    return { code: 0, out: stdout, err: stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, out: stdout, err: stderr };
  }
}

/** Uploads the icon of the application. */
async function upload(icon: Buffer<ArrayBuffer>): Promise<void> {
  const body = new FormData();
  body.set('file', new Blob([icon]), 'icon');
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
  const address = `${platform.url}/api/v3/core/applications/wiki/set_icon/`;
  expect((await fetch(address, { method: 'POST', body, headers })).status).toBe(200);
}

const withoutContext = (document: string) => document.replace(/^context:\n(?: .*\n)+/m, '');
const text = (name: string) => readFile(join(folder, name), 'utf8');
const found = async (path: string) => (await api.list(path))[0];

it('takes the whole configuration into a new installation, byte for byte, and shows what was changed by hand', {
  timeout: 240_000,
}, async () => {
  const flow = 'default-provider-authorization-implicit-consent';
  const authorization_flow = (await api.get(`/flows/instances/${flow}/`)).pk;
  const grafana = await api.post('/providers/oauth2/', { ...PROVIDER, authorization_flow });
  await api.patch(settingsOf(grafana.pk), SETTINGS);
  await api.post('/core/groups/', { name: '  !Env "HOME"\n', attributes: { null: 'null', yes: 'yes', n: '010' } });
  await api.patch('/flows/instances/default-authentication-flow/', { title: 'Come in' });
  await api.patch('/admin/settings/', { impersonation: false, footer_links: [{ name: 'Help', href: '/help' }] });
  await api.post('/core/applications/', { name: 'Wiki', slug: 'wiki' });
  await upload(PNG);
  const transport = await found('/events/transports/?name=default-email-transport');
  await api.remove(`/events/transports/${transport?.pk}/`);

  const [whole, secrets, parts] = ['whole.yaml', 'secrets', 'parts'].map((name) => join(folder, name));
  expect(await postern('export', '--out', `${whole}`, '--secrets', `${secrets}`)).toMatchObject({ code: 0 });
  expect(await text('whole.yaml')).not.toContain(PROVIDER.client_secret);
  const { code, err } = await postern('export', '--out', `${parts}`);
  expect({ code, err }).toMatchObject({ code: 0, err: expect.stringContaining('secrets are left out') });
  expect(await readdir(`${parts}`)).toEqual(['export.yaml', 'pictures']);
  const [picture = ''] = await readdir(join(`${parts}`, 'pictures'));
  expect(await readFile(join(`${parts}`, 'pictures', picture))).toEqual(PNG);
  // The file holds its picture, beside the folder it lies.
  expect(withoutContext(await text('whole.yaml'))).toBe(await text('parts/export.yaml'));
  for (const path of [whole, parts])
    expect(await postern('plan', `${path}`, '--import', '--prune')).toMatchObject({ code: 0 });

  await platform.stop();
  await begin();
  const plan = await postern('plan', `${whole}`, '--import', '--prune', '--secrets', `${secrets}`, '--json');
  expect(plan.code).toBe(2);
  expect(JSON.parse(plan.out)).toMatchObject({ status: 'successful', summary: { created: 3, deleted: 1 } });
  expect(plan.out).not.toContain(PROVIDER.client_secret);
  expect(await postern('import', `${whole}`, '--prune', '--secrets', `${secrets}`)).toMatchObject({ code: 0 });
  expect((await postern('export')).out).toBe(await text('whole.yaml'));
  const before = await text('parts/export.yaml');
  expect(await postern('export', '--out', `${parts}`)).toMatchObject({ code: 0 });
  expect([await text('parts/export.yaml'), await readdir(join(`${parts}`, 'pictures'))]).toEqual([before, [picture]]);
  const taken = await found('/providers/oauth2/?client_id=grafana');
  expect(taken?.client_secret).toBe(PROVIDER.client_secret);
  expect(await api.get(settingsOf(taken?.pk))).toMatchObject(SETTINGS);

  const instance = await found('/managed/blueprints/?name=Default%20-%20Brand');
  expect(await api.get(`/managed/blueprints/${instance?.pk}/drift/`)).toMatchObject({ drifted: false });
  const login = await found('/managed/blueprints/?name=Default%20-%20Authentication%20flow');
  await api.patch('/flows/instances/default-authentication-flow/', { title: 'By hand' });
  const look = await api.get(`/managed/blueprints/${login?.pk}/drift/`);
  expect(look).toMatchObject({
    drifted: true,
    changes: [{ fields: [{ field: 'title', before: 'By hand', after: 'Welcome to Postern' }] }],
  });
  const changed = await postern('plan', `${whole}`);
  expect(changed).toMatchObject({ code: 2, out: expect.stringContaining('title: "By hand" -> "Come in"') });
  expect(await postern('apply', `${whole}`)).toMatchObject({ code: 0 });

  await upload(GIF);
  await api.patch('/admin/settings/', { impersonation: true });
  const drifted = await postern('plan', `${parts}`);
  expect(drifted).toMatchObject({
    code: 2,
    out: expect.stringMatching(/icon: "image\/gif, \d+ bytes, .*" -> "image\/png/),
  });
  expect(drifted.out).toContain('~ authentik_tenants.settings\n    impersonation: true -> false\n');
  expect(await postern('import', `${parts}`)).toMatchObject({ code: 0 });
  expect(await postern('plan', `${whole}`)).toMatchObject({ code: 0 });

  await writeFile(join(folder, 'odd.yaml'), 'entries:\n- model: no.model\n  identifiers: {a: b}\n');
  const refused = await postern('apply', join(folder, 'odd.yaml'));
  expect(refused).toMatchObject({
    code: 1,
    err: expect.stringMatching(/odd\.yaml:2: entry 0, model: Model no\.model not allowed/),
  });
  expect(await postern('plan', join(folder, 'nowhere.yaml'))).toMatchObject({ code: 1 });
});
