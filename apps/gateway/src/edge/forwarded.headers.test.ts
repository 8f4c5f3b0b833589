import { expect, it } from 'vitest';
import { forwardedHeaders, MASK } from './forwarded.headers.ts';

it('hands over what an operation names, and nothing else', () => {
  const headers = { authorization: 'Basic YTpi', accept: 'text/html', 'x-many': ['a', 'b'] };
  expect(forwardedHeaders(headers, ['authorization', 'x-many', 'x-absent'])).toEqual({
    authorization: 'Basic YTpi',
    'x-many': 'a, b',
  });
  expect(forwardedHeaders(headers, [])).toEqual({});
});

it('masks every header that may carry a credential when all are asked for', () => {
  const carriers = [
    'authorization',
    'proxy-authorization',
    'cookie',
    'x-session-token',
    'x-api-key',
    'x-authentik-outpost-token',
    'x-forwarded-access-token',
    'cf-access-jwt-assertion',
    'x-goog-iap-jwt-assertion',
    'x-amzn-oidc-data',
    'x-authentik-csrf',
    'sec-websocket-key',
    'x-client-secret',
  ];
  const headers = Object.fromEntries(carriers.map((name) => [name, 'a secret']));
  expect(new Set(Object.values(forwardedHeaders(headers, ['*'])))).toEqual(new Set([MASK]));
});

it('hands over the rest as it came when all are asked for', () => {
  const headers = { host: 'id.example.com', 'x-forwarded-for': '192.0.2.1', 'user-agent': 'a browser' };
  expect(forwardedHeaders(headers, ['*'])).toEqual(headers);
});

it('leaves out what cannot travel as metadata, and what is too much', () => {
  const many = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`x-${index}`, 'a']));
  expect(forwardedHeaders({ 'x-data-bin': 'a', "x-'odd'": 'b', 'x-plain': 'c' }, ['*'])).toEqual({ 'x-plain': 'c' });
  expect(Object.keys(forwardedHeaders(many, ['*']))).toHaveLength(64);
});
