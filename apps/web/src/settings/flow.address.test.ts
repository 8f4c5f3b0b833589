import { expect, it } from 'vitest';
import { findFlow, turnOf } from './flow.address.ts';

const base = 'https://id.example.com/if/user/';

function given(url: string, status = 200) {
  const asked: string[] = [];
  const fetch = async (address: unknown) => {
    asked.push(String(address));
    return { ok: status === 200, url } as Response;
  };
  return { asked, find: (address: string) => findFlow({ fetch, base }, address) };
}

it('asks no other host, and follows nothing that is not a flow', async () => {
  const { asked, find } = given('https://id.example.com/if/flow/totp/');
  expect(await find('https://evil.example/flows/-/configure/1/')).toBeUndefined();
  expect(await find('//evil.example/x')).toBeUndefined();
  expect(asked).toEqual([]);
  expect(await given('https://id.example.com/if/user/').find('/flows/-/configure/1/')).toBeUndefined();
  expect(await given('https://id.example.com/if/flow/totp/', 404).find('/flows/-/configure/1/')).toBeUndefined();
});

it('finds the flow that an address begins, which leads back here', async () => {
  const { asked, find } = given('https://id.example.com/if/flow/totp-setup/?next=%2Fif%2Fuser%2F');
  expect(await find('/flows/-/configure/1/')).toBe('totp-setup');
  expect(asked).toEqual(['https://id.example.com/flows/-/configure/1/?next=%2Fif%2Fuser%2F']);
});

it('knows the end from a flow that follows, and from the way out', () => {
  expect([turnOf('/if/user/', base), turnOf('/', base)]).toEqual([{ kind: 'done' }, { kind: 'done' }]);
  expect(turnOf('/if/flow/next-one/?x=1', base)).toEqual({ kind: 'flow', slug: 'next-one' });
  for (const to of ['https://example.org/if/user/', 'javascript:alert(1)', '/application/o/authorize/'])
    expect(turnOf(to, base)).toEqual({ kind: 'leave' });
});
