import { afterEach, describe, expect, it } from 'vitest';
import { type HeadlessClient, headlessHouse } from './headless-house.fixture.ts';

const house = await headlessHouse();
const password = 'a long walk in the hills';
let count = 0;

afterEach(async () => {
  await Promise.all([house.reset(), house.forgetRates()]);
});

const BY_CODE = { signup_open: true, email_verification: 'mandatory', email_verification_by_code_enabled: true };
const BY_LINK = { signup_open: true, email_verification: 'mandatory' };
const key = (given: string) => ({ headers: { 'x-email-verification-key': given } });
const pending = ({ body }: { body: object }) =>
  Object(Object(body).data).flows?.find(({ is_pending }: { is_pending?: boolean }) => is_pending)?.id;

async function codeTo(email: string): Promise<string> {
  const { text, subject } = await house.mailTo(email);
  expect(subject).toContain('Please Confirm Your Email Address');
  return /^([A-Z]{4}-[A-Z]{4})\r?$/m.exec(text)?.[1] ?? '';
}

async function linkTo(email: string): Promise<string> {
  const { text } = await house.mailTo(email);
  return decodeURIComponent(/\/account\/verify-email\/(\S+)/.exec(text)?.[1] ?? '');
}

async function newcomer(client: HeadlessClient) {
  count += 1;
  const username = `fresh-${count}`;
  const email = `${username}@example.com`;
  const answer = await client.post('/auth/signup', { username, email, password });
  return { username, email, answer, user: { display: username, email, has_usable_password: true, username } };
}

describe('showing by a code that an address is read', () => {
  it('is refused where nothing waits, and where tenants have links', async () => {
    const client = house.app();
    for (const settings of [BY_CODE, BY_LINK]) {
      await house.set({ email_verification_by_code_enabled: false, ...settings });
      expect((await client.post('/auth/email/verify/resend')).body).toEqual({ status: 409 });
    }
    await house.set(BY_CODE);
    expect((await client.post('/auth/email/verify', { key: 'BCDF-GHJK' })).body).toEqual({ status: 409 });
    expect((await client.get('/auth/email/verify', key('BCDF-GHJK'))).body).toEqual({ status: 409 });
    const required = [{ message: 'This field is required.', code: 'required', param: 'key' }];
    for (const answer of [await client.post('/auth/email/verify', {}), await client.get('/auth/email/verify')])
      expect(answer.body).toEqual({ status: 400, errors: required });
  });

  it.each(['GET', 'POST'])(
    'is over after the third wrong one, asked by %s; signing in again begins anew, not too soon',
    async (method) => {
      await house.set(BY_CODE);
      const client = house.app();
      const { username, email } = await newcomer(client);
      await codeTo(email);
      const tried = () =>
        method === 'GET'
          ? client.get('/auth/email/verify', key('BCDF-GHJK'))
          : client.post('/auth/email/verify', { key: 'BCDF-GHJK' });
      const wrong = [{ message: 'Incorrect code.', code: 'incorrect_code', param: 'key' }];
      for (let n = 0; n < 3; n++) expect((await tried()).body).toEqual({ status: 400, errors: wrong });
      expect((await tried()).body).toEqual({ status: 409 });
      expect(pending(await client.get('/auth/session'))).toBeUndefined();
      expect((await client.post('/auth/login', { username, password })).body).toEqual({ status: 429 });
      await house.set({ login_methods: ['email'] });
      expect((await client.post('/auth/login', { email, password })).body.errors).toEqual([
        { message: 'Too many failed login attempts. Try again later.', code: 'too_many_login_attempts' },
      ]);
      await house.forgetRates();
      expect(pending(await client.post('/auth/login', { email, password }))).toBe('verify_email');
      expect((await client.post('/auth/email/verify', { key: await codeTo(email) })).status).toBe(200);
    },
  );

  it('waits no more when the code is too old, and is told so at once', async () => {
    await house.set({ ...BY_CODE, email_verification_supports_resend: 1, email_verification_supports_change: 1 });
    const client = house.app();
    const { email } = await newcomer(client);
    const code = await codeTo(email);
    await house.set({ email_verification_by_code_timeout: 0 });
    expect(pending(await client.get('/auth/session'))).toBeUndefined();
    for (const [path, body] of [
      ['/auth/email/verify', { key: code }],
      ['/auth/email/verify/resend', {}],
      ['/account/email', { email: `other-${email}` }],
    ] as const)
      expect((await client.post(path, body)).body).toEqual({ status: 409 });
  });

  it('judges no more than three of many wrong codes at once, and no right one behind them', async () => {
    await house.set(BY_CODE);
    const client = house.app();
    const { email } = await newcomer(client);
    const right = await codeTo(email);
    const tries = Array.from({ length: 8 }, () => client.post('/auth/email/verify', { key: 'BCDF-GHJK' }));
    const statuses = (await Promise.all(tries)).map(({ status }) => status).sort();
    expect(statuses).toEqual([400, 400, 400, 409, 409, 409, 409, 409]);
    expect((await client.post('/auth/email/verify', { key: right })).status).toBe(409);
    const [row] = await house.sql('select verified from directory.email_address where email = $1', [email]);
    expect(row).toEqual({ verified: false });
  });

  it.each(['app', 'browser'] as const)('signs in whoever has just signed up, as %s, once', async (kind) => {
    await house.set(BY_CODE);
    const client = house[kind]();
    const { email, answer, user } = await newcomer(client);
    expect([answer.status, pending(answer)]).toEqual([401, 'verify_email']);
    const code = await codeTo(email);
    expect((await client.get('/auth/email/verify', key(code))).body).toMatchObject({
      status: 200,
      data: { email, user },
      meta: { is_authenticating: true },
    });
    const done = await client.post('/auth/email/verify', { key: code.toLowerCase().replace('-', ' ') });
    expect(done.body).toMatchObject({ status: 200, data: { user, methods: [] }, meta: { is_authenticated: true } });
    expect((await client.post('/auth/email/verify', { key: code })).body).toEqual({ status: 409 });
  });

  it('sends another code, not too soon and not too often, and the one before is void', async () => {
    await house.set({ ...BY_CODE, email_verification_supports_resend: 1 });
    const client = house.app();
    const { email } = await newcomer(client);
    const first = await codeTo(email);
    expect((await client.post('/auth/email/verify/resend')).body).toEqual({ status: 429 });
    await house.forgetRates();
    expect((await client.post('/auth/email/verify/resend')).body).toEqual({ status: 200 });
    const second = await codeTo(email);
    await house.forgetRates();
    expect((await client.post('/auth/email/verify/resend')).body).toEqual({ status: 409 });
    expect((await client.post('/auth/email/verify', { key: first })).status).toBe(400);
    expect((await client.post('/auth/email/verify', { key: second })).status).toBe(200);
  });

  it('has it sent elsewhere, as often as the tenant lets, and the address it went to is theirs then', async () => {
    await house.set({ ...BY_CODE, email_verification_supports_change: 1 });
    const { email: taken } = await house.person();
    const client = house.app();
    const { email } = await newcomer(client);
    await codeTo(email);
    const to = (other: string) => client.post('/account/email', { email: other });
    expect((await to(email)).body.errors).toMatchObject([{ code: 'same_as_current', param: 'email' }]);
    expect((await to('nothing')).body.errors).toMatchObject([{ code: 'invalid', param: 'email' }]);
    await house.set({ enumeration: 'allowed' });
    expect((await to(taken)).body.errors).toMatchObject([{ code: 'email_taken', param: 'email' }]);
    const other = `other-${email}`;
    expect((await to(other)).body).toEqual({ status: 200, data: [{ email: other, verified: false, primary: false }] });
    expect((await to(`third-${email}`)).body).toEqual({ status: 409 });
    const done = await client.post('/auth/email/verify', { key: await codeTo(other) });
    expect(done.body).toMatchObject({ status: 200, data: { user: { email: other } } });
    expect((await client.get('/account/email')).body.data).toEqual([{ email: other, verified: true, primary: true }]);
  });
});

describe('signing up with an address that is somebody’s', () => {
  it('may have the code sent elsewhere like anybody, and is a sign-up then', async () => {
    await house.set({
      ...BY_CODE,
      email_verification_supports_change: 2,
      signup_domains: ['@example.com', '@other.com'],
    });
    const [{ email }, { email: second }] = [await house.person(), await house.person()];
    const client = house.app();
    const username = `moved-${Date.now()}`;
    const answer = await client.post('/auth/signup', { username, email, password });
    expect([answer.status, pending(answer)]).toEqual([401, 'verify_email']);
    expect((await house.mailTo(email)).subject).toContain('Account Already Exists');
    const to = (other: string) => client.post('/account/email', { email: other });
    expect((await to(email)).body.errors).toMatchObject([{ code: 'same_as_current', param: 'email' }]);
    expect((await to('me@elsewhere.com')).body.errors).toMatchObject([{ param: 'email' }]);
    const moved = (address: string) => ({ status: 200, data: [{ email: address, verified: false, primary: false }] });
    expect((await to(second)).body).toEqual(moved(second));
    expect((await house.mailTo(second)).subject).toContain('Account Already Exists');
    expect(await house.sql('select 1 from directory.user_account where username = $1', [username])).toEqual([]);
    const free = `${username}@other.com`;
    expect((await to(free)).body).toEqual(moved(free));
    expect((await to(`third-${free}`)).body).toEqual({ status: 409 });
    const done = await client.post('/auth/email/verify', { key: await codeTo(free) });
    expect(done.body).toMatchObject({ status: 200, data: { user: { username, email: free } } });
    expect((await house.app().post('/auth/login', { username, password })).status).toBe(200);
  });
});

describe('showing by a link that an address is read', () => {
  it.each([
    [false, 401],
    [true, 200],
  ])('goes on with the login where the tenant wants that: %s', async (login_on_email_confirmation, status) => {
    await house.set({ ...BY_LINK, login_on_email_confirmation });
    const client = house.app();
    const { email, answer, username } = await newcomer(client);
    expect([answer.status, pending(answer)]).toEqual([401, 'verify_email']);
    const link = await linkTo(email);
    expect((await client.get('/auth/email/verify', key(link))).body.meta).toEqual({ is_authenticating: true });
    const done = await client.post('/auth/email/verify', { key: link });
    expect([done.status, pending(done)]).toEqual([status, undefined]);
    expect((await house.app().post('/auth/login', { username, password })).status).toBe(200);
  });

  it('is the business of whoever has the key, and leaves others as they are', async () => {
    await house.set(BY_LINK);
    const { email } = await newcomer(house.app());
    const link = await linkTo(email);
    const bad = [{ message: 'Invalid or expired key.', code: 'invalid_or_expired_key', param: 'key' }];
    const client = house.app();
    for (const wrong of [link.slice(0, -3), `${link}x`, 'MQ:1xUqVr:nothing'])
      for (const answer of [
        await client.get('/auth/email/verify', key(wrong)),
        await client.post('/auth/email/verify', { key: wrong }),
      ])
        expect(answer.body).toEqual({ status: 400, errors: bad });
    await house.set({ email_verification: 'optional' });
    const { username, password: known } = await house.person();
    await client.post('/auth/login', { username, password: known });
    expect((await client.post('/auth/email/verify', { key: link })).body).toMatchObject({
      status: 200,
      data: { user: { username } },
    });
  });

  it('is refused where somebody else has shown it meanwhile, and when the link is too old', async () => {
    await house.set({ ...BY_LINK, email_confirmation_expire_days: 0 });
    const old = await newcomer(house.app());
    const expired = await linkTo(old.email);
    expect((await house.app().post('/auth/email/verify', { key: expired })).status).toBe(400);
    await house.set({ email_confirmation_expire_days: 3, email_verification: 'optional', enumeration: 'strict' });
    const [one, other] = [house.app(), house.app()];
    const { email } = await newcomer(one);
    const first = await linkTo(email);
    await house.forgetRates();
    await other.post('/auth/signup', { username: `second-${count}`, email, password });
    const second = await linkTo(email);
    expect((await other.post('/auth/email/verify', { key: second })).status).toBe(200);
    const taken = [
      { message: 'A user is already registered with this email address.', code: 'email_taken', param: 'key' },
    ];
    expect((await one.post('/auth/email/verify', { key: first })).body).toEqual({ status: 400, errors: taken });
    expect((await one.get('/auth/email/verify', key(first))).body).toEqual({ status: 400, errors: taken });
  });

  it('mails again at most every three minutes, and says the same', async () => {
    await house.set(BY_LINK);
    const { email, username } = await newcomer(house.app());
    const before = house.sink.mails.length;
    await linkTo(email);
    for (let n = 0; n < 2; n++)
      expect(pending(await house.app().post('/auth/login', { username, password }))).toBe('verify_email');
    await house.forgetRates();
    await house.app().post('/auth/login', { username, password });
    await linkTo(email);
    expect(house.sink.mails.slice(before).filter(({ to }) => to.includes(email)).length).toBeLessThanOrEqual(2);
  });
});
