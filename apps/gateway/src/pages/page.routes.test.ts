import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { aGateway, type TestGateway } from '../testing/gateway.builder.ts';

const PAGE =
  '<script nonce="__POSTERN_NONCE__" src="/x.js"></script><script id="postern-brand">__POSTERN_BRAND__</script>';
const SCRIPT = 'export {};';

let gateway: TestGateway;
let webDir: string;
beforeAll(async () => {
  webDir = mkdtempSync(join(tmpdir(), 'postern-web-'));
  mkdirSync(join(webDir, 'assets/app'), { recursive: true });
  writeFileSync(join(webDir, 'index.html'), PAGE);
  const file = join(webDir, 'assets/app/index-abc.js');
  writeFileSync(file, SCRIPT);
  writeFileSync(`${file}.br`, brotliCompressSync(SCRIPT));
  writeFileSync(`${file}.gz`, gzipSync(SCRIPT));
  writeFileSync(join(webDir, 'assets/app/small.js'), SCRIPT);
  gateway = await aGateway({}, webDir);
});
afterAll(async () => {
  await gateway.close();
  rmSync(webDir, { recursive: true });
});

it.each([
  '/static/dist/index.html',
  '/static/dist/../package.json',
  '/static/dist/%2e%2e/%2e%2e/etc/passwd',
  '/static/dist/nothing.js',
])('does not serve %s', async (url) => {
  expect((await gateway.inject({ url })).statusCode).toBe(404);
});

it.each(['/if/flow/a.b/', '/if/session-end/%3Cb%3E/'])(
  'does not serve a page for %s, which cannot exist',
  async (url) => {
    expect((await gateway.inject({ url })).statusCode).toBe(404);
  },
);

it.each([
  '/if/user/',
  '/if/admin/',
  '/if/admin/identity/users/',
  '/account',
  '/account/login',
  '/account/verify-email/MQ:1:a',
])('serves the page for %s', async (url) => {
  const { statusCode, headers } = await gateway.inject({ url });
  expect([statusCode, headers['cache-control']]).toEqual([200, 'no-store']);
});

it('fills the nonce and the looks of the brand, which cannot end their element', async () => {
  const { headers, body } = await gateway.inject({ url: '/if/flow/default-authentication-flow/?next=/' });
  const [, nonce = ''] = /nonce="([^"]+)"/.exec(body) ?? [];
  expect(headers['content-security-policy']).toContain(`script-src 'nonce-${nonce}' 'strict-dynamic'`);
  expect(body).toContain('{"title":"A\\u003c/script>\\u003cb>","theme":"dark"}');
  expect(headers).toMatchObject({ 'x-frame-options': 'SAMEORIGIN', 'cache-control': 'no-store' });
});

it('lets pages of flows alone show frames of others, for captchas', async () => {
  const policies = ['/if/flow/sign-in/', '/if/user/'].map(async (url) => {
    const { headers } = await gateway.inject({ url });
    return String(headers['content-security-policy']).match(/(?:frame|connect)-src[^;]*/g);
  });
  expect(await Promise.all(policies)).toEqual([
    ["connect-src 'self' https:", "frame-src 'self' https:"],
    ["connect-src 'self'", "frame-src 'self'"],
  ]);
});

it('gives a browser the CSRF cookie once', async () => {
  const first = await gateway.inject({ url: '/if/user/' });
  expect(first.headers['set-cookie']).toMatch(/^authentik_csrf=[\w-]{32}; Max-Age=31449600; Path=\/; SameSite=Lax$/);
  const again = await gateway.inject({ url: '/if/session-end/wiki/', headers: { cookie: 'authentik_csrf=abc' } });
  expect([again.statusCode, again.headers['set-cookie']]).toEqual([200, undefined]);
});

it('lets browsers keep files whose name holds their content', async () => {
  const { headers } = await gateway.inject({ url: '/static/dist/assets/app/index-abc.js' });
  expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
});

it.each([
  ['br, gzip', 'br'],
  ['gzip', 'gzip'],
  ['br;q=0, gzip;q=0', undefined],
  ['identity', undefined],
])('sends files compressed as the build left them: %s', async (coding, sent) => {
  const { statusCode, headers, rawPayload } = await gateway.inject({
    url: '/static/dist/assets/app/index-abc.js',
    headers: { 'accept-encoding': coding },
  });
  expect([statusCode, headers['content-encoding']]).toEqual([200, sent]);
  expect(headers['content-type']).toContain('javascript');
  expect(String(headers.vary).toLowerCase()).toContain('accept-encoding');
  expect(headers['cache-control']).toContain('immutable');
  const text = sent === 'br' ? brotliDecompressSync(rawPayload) : sent ? gunzipSync(rawPayload) : rawPayload;
  expect(text.toString()).toBe(SCRIPT);
});

it('sends a file as it is where the build left nothing else', async () => {
  const { headers, body } = await gateway.inject({
    url: '/static/dist/assets/app/small.js',
    headers: { 'accept-encoding': 'br' },
  });
  expect([body, headers['content-encoding']]).toEqual([SCRIPT, undefined]);
});

it('never compresses what the API or a page answers: both hold secrets beside what others may choose', async () => {
  for (const url of ['/if/user/', '/api/v3/core/users/me/'])
    expect((await gateway.inject({ url, headers: { 'accept-encoding': 'br, gzip' } })).headers).not.toHaveProperty(
      'content-encoding',
    );
});

it('says so where the pages are not built', async () => {
  const bare = await aGateway();
  const answer = await bare.inject({ url: '/if/user/' });
  expect([answer.statusCode, answer.body]).toEqual([503, expect.stringContaining('not built')]);
  await bare.close();
});

it('refuses to have the OpenAPI document changed, in the words of the API', async () => {
  const answer = await gateway.inject({ method: 'POST', url: '/api/v3/schema/', payload: '{' });
  expect([answer.statusCode, answer.json()]).toEqual([405, { detail: 'Method "POST" not allowed.' }]);
  expect(answer.headers.allow).toBe('GET, HEAD');
});

it('serves the OpenAPI document as YAML, and as JSON to whoever asks', async () => {
  const yaml = await gateway.inject({ url: '/api/v3/schema/' });
  expect([yaml.statusCode, yaml.body.slice(0, 14)]).toEqual([200, 'openapi: 3.0.3']);
  for (const request of [
    { url: '/api/v3/schema/?format=json' },
    { url: '/api/v3/schema/', headers: { accept: 'application/json' } },
  ])
    expect((await gateway.inject(request)).json().components.schemas.User.description).toMatch(/^A person/);
});

it('sends the OpenAPI document compressed to whoever takes that', async () => {
  const ask = (coding: string) =>
    gateway.inject({ url: '/api/v3/schema/', headers: { 'accept-encoding': coding, accept: 'application/json' } });
  const zipped = await ask('br, gzip');
  expect(zipped.headers).toMatchObject({
    'content-encoding': 'gzip',
    vary: expect.stringContaining('Accept-Encoding'),
  });
  expect(JSON.parse(gunzipSync(zipped.rawPayload).toString()).openapi).toBe('3.0.3');
  expect((await ask('gzip;q=0')).headers['content-encoding']).toBeUndefined();
});
