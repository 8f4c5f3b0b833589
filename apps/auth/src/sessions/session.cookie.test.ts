import { expect, it } from 'vitest';
import { createSessionCookies } from './session.cookie.ts';

const cookies = createSessionCookies({ secrets: ['a secret of this test'] });

it('opens nothing with a cookie that another secret signed, or that was cut or changed', async () => {
  const { key, cookie } = await cookies.mint({ scheme: 'https', uid: 'u', seconds: 0 });
  const foreign = createSessionCookies({ secrets: ['another secret'] });
  const [head, payload] = cookie.value.split('.');
  const none = Buffer.from('{"alg":"none"}').toString('base64url');
  expect(await foreign.read(cookie.value)).toBeUndefined();
  for (const forged of ['', 'x', `${head}.${payload}`, `${none}.${payload}.`, `${cookie.value}x`])
    expect(await cookies.read(forged)).toBeUndefined();
  expect(await cookies.read(cookie.value)).toEqual({ key, authenticated: true });
});

it('is kept by browsers for whole seconds, and at least for one', async () => {
  const { cookie } = await cookies.mint({ scheme: 'https', uid: 'u', seconds: 0.001 });
  expect(cookie.maxAge).toBe(1);
});
