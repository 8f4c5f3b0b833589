import { expect, it } from 'vitest';
import { decodeToken, tokenAddress, tokenRequest } from './token.ts';

it('lists what people make, and not the links of the platform', () => {
  expect(decodeToken({ intent: 'recovery', identifier: 'x' })).toBeUndefined();
  const token = { intent: 'api', identifier: 'backup', description: 'Nightly', expires: '2026-06-01T00:00:00Z' };
  expect(decodeToken({ ...token, expiring: true })).toMatchObject({ identifier: 'backup', expires: token.expires });
  expect(decodeToken({ ...token, expiring: false })).toMatchObject({ expires: undefined });
});

it('makes a token that ends when it was asked to, an app password unless said otherwise', () => {
  const form = new FormData();
  form.set('identifier', ' mail-client ');
  form.set('expires', '30');
  expect(tokenRequest(form, new Date('2026-05-01T00:00:00Z'))).toEqual({
    identifier: 'mail-client',
    description: '',
    intent: 'app_password',
    expires: '2026-05-31T00:00:00.000Z',
    expiring: true,
  });
});

it('cannot be led to another address by a name', () => {
  expect(tokenAddress('../users/1')).toBe('/api/v3/core/tokens/..%2Fusers%2F1/');
});
