import { afterEach, describe, expect, it } from 'vitest';
import { headlessHouse } from './headless-house.fixture.ts';

const house = await headlessHouse();
const password = 'a long walk in the hills';
const REQUIRED = 'This field is required.';
let count = 0;
const name = () => `new-${++count}`;

afterEach(async () => {
  await Promise.all([house.reset(), house.forgetRates()]);
});

const open = (settings = {}) => house.set({ signup_open: true, ...settings });
const pending = (body: object) =>
  Object(Object(body).data).flows?.find(({ is_pending }: { is_pending?: boolean }) => is_pending)?.id;

describe('signing up', () => {
  it.each([
    [{}, ['username required', 'password required']],
    [
      { username: 'a b', email: 'no', password: '12345' },
      [
        'username invalid',
        'email invalid',
        'password password_too_short',
        'password password_too_common',
        'password password_entirely_numeric',
      ],
    ],
    [{ username: 'x'.repeat(151), password }, ['username max_length']],
  ])('says what is wrong with %j, field by field', async (body, problems) => {
    const { status, body: answer } = await house.app().post('/auth/signup', body);
    expect(status).toBe(400);
    const errors: { param: string; code: string }[] = Object(answer).errors;
    expect(errors.map(({ param, code }) => `${param} ${code}`)).toEqual(problems);
  });

  it('is told of names that somebody has, in whatever case, and of addresses where nothing else keeps them apart', async () => {
    const { username, email } = await house.person();
    const taken = { username: username.toUpperCase(), email: email.toUpperCase(), password };
    const { body } = await house.app().post('/auth/signup', taken);
    expect(body).toEqual({
      status: 400,
      errors: [
        { message: 'A user with that username already exists.', code: 'username_taken', param: 'username' },
        { message: 'A user is already registered with this email address.', code: 'email_taken', param: 'email' },
      ],
    });
  });

  it('is refused where it is closed, and to whoever is signed in, once the body is right', async () => {
    const { username, password: known } = await house.person();
    const body = { username: name(), password };
    expect((await house.app().post('/auth/signup', body)).body).toEqual({ status: 403 });
    const client = house.app();
    await client.post('/auth/login', { username, password: known });
    expect((await client.post('/auth/signup', {})).status).toBe(400);
    expect((await client.post('/auth/signup', body)).body).toEqual({ status: 409 });
    expect(await house.sql('select 1 from directory.user_account where username = $1', [body.username])).toEqual([]);
  });

  it('counts every try', async () => {
    await house.set({ rate_limits: { signup: '1/m/ip' } });
    const client = house.app();
    expect((await client.post('/auth/signup', {})).status).toBe(400);
    expect((await client.post('/auth/signup', {})).body).toEqual({ status: 429 });
  });

  it('asks twice for the address, and lets certain domains in, where the tenant says so', async () => {
    await open({ signup_fields: ['email*', 'email2', 'password1'], signup_domains: ['@example.com'] });
    const client = house.app();
    const { body } = await client.post('/auth/signup', { email: 'ada@example.org' });
    expect(body.errors).toEqual([
      { message: 'The provided email domain is not approved.', code: '', param: 'email' },
      { message: REQUIRED, code: 'required', param: 'email2' },
    ]);
    const other = await client.post('/auth/signup', { email: 'ada@example.com', email2: 'eve@example.com' });
    expect(other.body.errors).toEqual([
      { message: 'You must type the same email each time.', code: '', param: 'email2' },
    ]);
    const made = await client.post('/auth/signup', { email: 'Zoe.K@example.com', email2: 'zoe.k@example.com' });
    expect(made.body).toMatchObject({
      status: 200,
      data: { user: { display: 'zoe.k', email: 'zoe.k@example.com', has_usable_password: false } },
    });
  });

  it.each(['app', 'browser'] as const)(
    'signs in at once, as %s, and has the address confirmed by a link',
    async (kind) => {
      await open();
      const username = name();
      const email = `${username}@example.com`;
      const client = house[kind]();
      const { body } = await client.post('/auth/signup', {
        username,
        email: ` ${email.toUpperCase()} `,
        password: ` ${password} `,
      });
      const user = { id: expect.any(Number), display: username, email, has_usable_password: true, username };
      expect(body).toMatchObject({ status: 200, data: { user, methods: [] }, meta: { is_authenticated: true } });
      const { text } = await house.mailTo(email);
      const url = /go to (http\S+)/.exec(text)?.[1] ?? '';
      const key = decodeURIComponent(url.split('/account/verify-email/')[1] ?? '');
      const question = { headers: { 'x-email-verification-key': key } };
      expect((await house.app().get('/auth/email/verify', question)).body).toEqual({
        status: 200,
        data: { email, user },
        meta: { is_authenticating: false },
      });
      expect((await client.post('/auth/email/verify', { key })).status).toBe(200);
      expect((await client.get('/account/email')).body.data).toEqual([{ email, verified: true, primary: true }]);
      const used = { message: 'Invalid or expired key.', code: 'invalid_or_expired_key', param: 'key' };
      expect((await client.post('/auth/email/verify', { key })).body).toEqual({ status: 400, errors: [used] });
      expect((await house.app().post('/auth/login', { username, password })).status).toBe(200);
    },
  );

  it('makes one account of many sign-ups with one name at once, and joins the group', async () => {
    const [group] = await house.sql<{ pk: string }>(
      `insert into directory.user_group (tenant_id, pk, name) values ($1, gen_random_uuid(), 'newcomers') returning pk`,
      [house.tenant],
    );
    await open({ signup_group: group?.pk ?? '', email_verification: 'none' });
    const username = name();
    const tries = Array.from({ length: 4 }, (_, n) => ({
      username: n % 2 ? username : username.toUpperCase(),
      password,
    }));
    const statuses = await Promise.all(
      tries.map(async (body) => (await house.app().post('/auth/signup', body)).status),
    );
    expect(statuses.sort()).toEqual([200, 400, 400, 400]);
    expect(await house.sql('select 1 from directory.membership where group_pk = $1', [group?.pk])).toHaveLength(1);
  });

  it('leaves no account behind where another request with the same session was faster', async () => {
    await open({ email_verification: 'mandatory' });
    const client = house.app();
    await client.post('/auth/signup', { username: name(), email: `${name()}@example.com`, password });
    await open({ email_verification: 'none' });
    const names = [name(), name(), name()];
    const answers = await Promise.all(names.map((username) => client.post('/auth/signup', { username, password })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 410, 410]);
    const made = await house.sql('select 1 from directory.user_account where username = any($1)', [names]);
    expect(made).toHaveLength(1);
  });

  it('tells nobody that an address is that of an account where addresses have to be verified', async () => {
    const { email } = await house.person();
    for (const by of [false, true]) {
      await open({
        email_verification: 'mandatory',
        email_verification_by_code_enabled: by,
        email_verification_supports_resend: 1,
      });
      await house.forgetRates();
      const client = house.app();
      const username = name();
      const fake = await client.post('/auth/signup', { username, email, password });
      const real = await house
        .app()
        .post('/auth/signup', { username: name(), email: `${name()}@example.com`, password });
      expect({ ...fake.body, meta: {} }).toEqual({ ...real.body, meta: {} });
      expect([fake.status, pending(fake.body)]).toEqual([401, 'verify_email']);
      const mail = await house.mailTo(email);
      expect(mail.subject).toContain('Account Already Exists');
      expect(mail.text).toContain('/account/password/reset');
      expect(await house.sql('select 1 from directory.user_account where username = $1', [username])).toEqual([]);
      const code = by ? 'incorrect_code' : 'invalid_or_expired_key';
      expect((await client.post('/auth/email/verify', { key: 'BCDF-GHJK' })).body.errors).toMatchObject([{ code }]);
      await house.forgetRates();
      expect((await client.post('/auth/email/verify/resend')).status).toBe(by ? 200 : 409);
    }
  });

  it.each([
    ['allowed', 'mandatory', 400],
    ['strict', 'optional', 200],
    ['strict', 'mandatory', 401],
  ])(
    'answers a taken address where enumeration is %s and verification %s: %i',
    async (enumeration, email_verification, status) => {
      const { email } = await house.person();
      await open({ enumeration, email_verification });
      expect((await house.app().post('/auth/signup', { username: name(), email, password })).status).toBe(status);
    },
  );

  it('tells that somebody has a number where the tenant minds nothing', async () => {
    const { pk } = await house.person();
    await house.sql(
      `insert into auth.phone_number (tenant_id, pk, user_pk, phone, verified) values ($1, gen_random_uuid(), $2, '+31612345678', true)`,
      [house.tenant, pk],
    );
    await open({ signup_fields: ['username*', 'phone*', 'password1*'], enumeration: 'allowed' });
    const signUp = async (phone: string) =>
      (await house.app().post('/auth/signup', { username: name(), phone, password })).body.errors;
    const message = 'A user is already registered with this phone number.';
    expect(await signUp('+31612345678')).toEqual([{ message, code: '', param: 'phone' }]);
    expect(await signUp('+31 6-123')).toMatchObject([{ code: 'invalid_phone', param: 'phone' }]);
  });

  it('asks for an address where it has to be verified, and waits for the passkey of whoever signs up by one', async () => {
    await open({ email_verification: 'mandatory' });
    const { body } = await house.app().post('/auth/signup', { username: name(), password });
    expect(body.errors).toEqual([{ message: REQUIRED, code: 'required', param: 'email' }]);
    expect((await house.app().post('/auth/webauthn/signup', {})).status).toBe(404);
    await open({ email_verification: 'none', mfa_passkey_signup_enabled: true });
    const client = house.app();
    const waiting = await client.post('/auth/webauthn/signup', { username: name() });
    expect([waiting.status, pending(waiting.body)]).toEqual([401, 'mfa_signup_webauthn']);
  });
});
