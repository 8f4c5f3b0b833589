import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { aGateway, type TestGateway } from '../testing/gateway.builder.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await aGateway();
});
afterAll(() => gateway.close());

const get = async (url: string, headers: Record<string, string> = {}) => gateway.inject({ url, headers });

describe('the document of the headless sign-in API', () => {
  it('is a file of JSON, shown in place', async () => {
    const { statusCode, headers, body } = await get('/_allauth/openapi.json');
    expect([statusCode, headers['content-type'], headers['content-disposition']]).toEqual([
      200,
      'application/vnd.oai.openapi+json',
      'inline; filename="allauth-openapi.json"',
    ]);
    const document = JSON.parse(body);
    expect(document.openapi).toBe('3.0.3');
    expect(document.info.description).toMatch(/^# Introduction/);
    expect(document.paths['/_allauth/{client}/v1/auth/login'].post.responses['401']).toBeDefined();
  });

  it('is the same as YAML', async () => {
    const [yaml, json] = [await get('/_allauth/openapi.yaml'), await get('/_allauth/openapi.json')];
    expect(yaml.headers['content-type']).toBe('application/vnd.oai.openapi');
    expect(parse(yaml.body)).toEqual(json.json());
  });

  it('is a page without programs, every link of which leads somewhere', async () => {
    const { headers, body } = await get('/_allauth/openapi.html');
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-/);
    expect(body).not.toMatch(/<script|src=|https?:/);
    expect(body).toContain('POST /_allauth/{client}/v1/auth/login');
    const ids = [...body.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    const links = [...body.matchAll(/ href="#([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(links.filter((id) => !ids.includes(id))).toEqual([]);
  });

  it('is there to be read', async () => {
    for (const url of ['/_allauth/openapi.json', '/api/auth/schema/'])
      expect((await gateway.inject({ method: 'POST', url })).statusCode).toBe(405);
    expect((await get('/_allauth/openapi.json/')).statusCode).toBe(404);
  });
});

it('the document of the REST auth API is YAML, or JSON for whoever wants it', async () => {
  const yaml = await get('/api/auth/schema/');
  const json = await get('/api/auth/schema/', { accept: 'application/json' });
  expect(yaml.headers['content-type']).toBe('application/vnd.oai.openapi; charset=utf-8');
  expect(json.headers['content-type']).toBe('application/vnd.oai.openapi+json; charset=utf-8');
  expect(json.json()).toEqual(parse(yaml.body));
  expect(Object.keys(json.json().paths)).toContain('/api/auth/user/');
});

it('the root of the API is its document as a page', async () => {
  const { statusCode, headers, body } = await get('/api/v3/');
  expect([statusCode, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
  expect(body).toContain('GET /core/users/');
});
