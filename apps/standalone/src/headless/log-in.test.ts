import { describe, expect, it } from 'vitest';
import { headlessHouse } from './headless-house.fixture.ts';

const house = await headlessHouse();

describe.each(['app', 'browser'] as const)('signing in by password, as %s', (kind) => {
  it('asks for what is missing', async () => {
    const { status, body } = await house[kind]().post('/auth/login', {});
    expect(status).toBe(400);
    const message = 'This field is required.';
    expect(body).toEqual({
      status: 400,
      errors: [
        { message, code: 'required', param: 'username' },
        { message, code: 'required', param: 'password' },
      ],
    });
  });

  it('says the same of a wrong password and of nobody', async () => {
    const { username } = await house.person();
    for (const name of [username, 'nobody-at-all']) {
      const { status, body } = await house[kind]().post('/auth/login', { username: name, password: 'wrong' });
      expect(status).toBe(400);
      const message = 'The username and/or password you specified are not correct.';
      expect(body.errors).toEqual([{ message, code: 'username_password_mismatch', param: 'password' }]);
    }
  });

  it('signs in, tells who it is, and signs out', async () => {
    const { pk, username, email, password } = await house.person();
    const client = house[kind]();
    const { status, body } = await client.post('/auth/login', { username, password });
    expect(status).toBe(200);
    const methods = [{ method: 'password', at: expect.any(Number), username }];
    const user = { id: pk, display: username, email, has_usable_password: true, username };
    const token = kind === 'app' ? { session_token: client.token } : {};
    expect(body).toEqual({ status: 200, data: { user, methods }, meta: { is_authenticated: true, ...token } });

    expect((await client.post('/auth/login', { username, password })).body).toEqual({ status: 409 });
    expect((await client.get('/auth/session')).body).toEqual({
      status: 200,
      data: { user, methods },
      meta: { is_authenticated: true },
    });
    const left = await client.remove('/auth/session');
    expect(left.body).toEqual({
      status: 401,
      data: { flows: [{ id: 'login' }] },
      meta: { is_authenticated: false },
    });
    expect((await client.get('/auth/session')).status).toBe(kind === 'app' ? 410 : 401);
  });
});
