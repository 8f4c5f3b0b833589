import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createEgress } from '@postern/egress';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createOciClient, joinCredentials, splitCredentials } from './index.ts';

const BLUEPRINT = 'version: 1\nentries: []\n';
const LAYER = 'application/vnd.goauthentik.blueprint.v1+yaml';
const digestOf = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;
const manifestOf = (digest: string, mediaType = LAYER) =>
  JSON.stringify({
    schemaVersion: 2,
    layers: [
      { mediaType: 'text/plain', digest: 'x' },
      { mediaType, digest },
    ],
  });

/** A registry that keeps one blueprint, and asks for what it is told to. */
const registry = { manifest: '', blob: BLUEPRINT, challenge: '', token: '', seen: [] as string[] };
const server = createServer((request: IncomingMessage, response: ServerResponse) => {
  const { url = '', headers } = request;
  registry.seen.push(`${url} ${headers.authorization ?? '-'}`);
  if (url.startsWith('/token')) return response.end(JSON.stringify({ token: registry.token }));
  const wanted = registry.token ? `Bearer ${registry.token}` : registry.challenge && `Basic ${btoa('ada:s3cr@t')}`;
  if (wanted && headers.authorization !== wanted) {
    return response.writeHead(401, { 'www-authenticate': registry.challenge }).end();
  }
  const manifests = /^\/v2\/team\/staff\/manifests\/(latest|v1|sha256:[0-9a-f]+)$/.exec(url);
  if (manifests) return response.end(registry.manifest);
  if (url.startsWith('/v2/team/staff/blobs/')) return response.end(registry.blob);
  return response.writeHead(404).end();
});
const allowed = createEgress({ allow: ['127.0.0.1'] });
const fenced = createEgress({ allow: [] });
const client = createOciClient({ egress: allowed, maxBytes: 1_000 });
let host = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  Object.assign(registry, {
    manifest: manifestOf(digestOf(BLUEPRINT)),
    blob: BLUEPRINT,
    challenge: '',
    token: '',
    seen: [],
  });
});
afterAll(async () => {
  await Promise.all([allowed.close(), fenced.close()]);
  server.close().closeAllConnections();
});

const fetch = (name: string) => client.fetch(splitCredentials(`oci://${name}`));

describe('a blueprint of a registry', () => {
  it('is fetched by tag, by default the latest, or by digest', async () => {
    expect(await fetch(`${host}/team/staff`)).toBe(BLUEPRINT);
    expect(await fetch(`${host}/team/staff:v1`)).toBe(BLUEPRINT);
    expect(await fetch(`${host}/team/staff@${digestOf(registry.manifest)}`)).toBe(BLUEPRINT);
    expect(registry.seen.slice(0, 2)).toEqual([
      '/v2/team/staff/manifests/latest -',
      `/v2/team/staff/blobs/${digestOf(BLUEPRINT)} -`,
    ]);
  });

  it('is fetched with a password, or with the token that the registry gives for it', async () => {
    registry.challenge = 'Basic realm="staff"';
    await expect(fetch(`${host}/team/staff`)).rejects.toThrow('OCI: the registry answers with 401');
    expect(await fetch(`ada:s3cr%40t@${host}/team/staff`)).toBe(BLUEPRINT);
    registry.token = 'abc';
    registry.challenge = `Bearer realm="http://${host}/token",service="registry",scope="ignored"`;
    expect(await fetch(`ada:s3cr%40t@${host}/team/staff`)).toBe(BLUEPRINT);
    expect(registry.seen.at(-3)).toBe(
      `/token?service=registry&scope=repository%3Ateam%2Fstaff%3Apull Basic ${btoa('ada:s3cr@t')}`,
    );
  });

  it.each([
    ['another digest', () => Object.assign(registry, { blob: 'evil: true' }), 'has another digest'],
    [
      'no layer of ours',
      () => Object.assign(registry, { manifest: manifestOf(digestOf(BLUEPRINT), 'a/b') }),
      'no blueprint',
    ],
    ['a digest that is a path', () => Object.assign(registry, { manifest: manifestOf('../../token') }), 'no blueprint'],
    ['no JSON', () => Object.assign(registry, { manifest: '<html>' }), 'not JSON'],
    ['too much', () => Object.assign(registry, { blob: 'x'.repeat(1_001) }), 'too large'],
    [
      'a token elsewhere, without TLS',
      () => Object.assign(registry, { token: 'abc', challenge: 'Bearer realm="http://127.0.0.2/token"' }),
      'answers with 401',
    ],
  ])('is refused when the registry gives %s', async (_what, change, message) => {
    change();
    await expect(fetch(`ada:s3cr%40t@${host}/team/staff`)).rejects.toThrow(message);
    expect(registry.seen.some((line) => line.startsWith('/token'))).toBe(false);
  });

  it('is refused by another manifest than the one that was named', async () => {
    await expect(fetch(`${host}/team/staff@${digestOf('other')}`)).rejects.toThrow('has another digest');
  });

  it.each([
    'host',
    'host/',
    '/name',
    'host/UPPER',
    'host/../x',
    'host/a?b',
    'host/a:b/c',
    'host/a@sha256:1',
    'h%st:99999/a',
  ])('is not called %s', async (name) => {
    await expect(fetch(name)).rejects.toThrow('OCI: the address is not one of a registry');
  });

  it('is not fetched from an internal network', async () => {
    const inside = createOciClient({ egress: fenced, maxBytes: 1_000 });
    await expect(inside.fetch({ path: `oci://${host}/team/staff`, credentials: '' })).rejects.toThrow(
      'internal network',
    );
    expect(registry.seen).toEqual([]);
  });
});

it('keeps the password apart from the path', () => {
  const path = 'oci://ada:s3cr%40t@host:5000/team/staff@sha256:abc';
  expect(splitCredentials(path)).toEqual({
    path: 'oci://host:5000/team/staff@sha256:abc',
    credentials: 'ada:s3cr%40t',
  });
  expect(joinCredentials(splitCredentials(path))).toBe(path);
  for (const plain of ['', 'default/a@b.yaml', 'oci://host/name@sha256:abc']) {
    expect(splitCredentials(plain)).toEqual({ path: plain, credentials: '' });
  }
});
