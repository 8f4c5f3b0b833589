import { expect, it } from 'vitest';
import { bundledScopes } from '../../testing/bundled-scopes.fixture.ts';
import { nativeMapping } from './native.mappings.ts';

it('knows every mapping that tenants start with, and none that somebody changed', async () => {
  const scopes = await bundledScopes();
  expect(scopes.map(({ scopeName }) => scopeName)).toEqual(['openid', 'email', 'profile', 'ak_proxy']);
  for (const { expression } of scopes) {
    expect(nativeMapping(`${expression.replaceAll('\n', '  \r\n')}\n`)).toBeDefined();
    expect(nativeMapping(expression.replace('return', 'return  '))).toBeUndefined();
  }
});
