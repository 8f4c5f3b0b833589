import { describe, expect, it } from 'vitest';
import { headlessHouse } from './headless-house.fixture.ts';
import { NEARBY, phonesOf } from './phone-provider.fixture.ts';

const house = await headlessHouse(NEARBY);
const phones = await phonesOf(house);

/** A number that nobody has yet. */
let last = 100_000;
const aNumber = () => `+3161${last++}`;
const wrong = { message: 'Incorrect code.', code: 'incorrect_code', param: 'code' };
const taken = { message: 'A user is already registered with this phone number.', code: 'phone_taken' };

/** Somebody who is signed in, perhaps with a number. */
async function signedIn(kind: 'app' | 'browser' = 'app', given: { phone?: string; verified?: boolean } = {}) {
  const person = await house.person();
  if (given.phone !== undefined) await numberOf(person.pk, given.phone, given.verified ?? true);
  const client = house[kind]();
  const { status } = await client.post('/auth/login', { username: person.username, password: person.password });
  expect(status).toBe(200);
  return { ...person, client };
}

const numberOf = (user: number, phone: string, verified: boolean) =>
  house.sql(
    `insert into auth.phone_number (tenant_id, pk, user_pk, phone, verified) values ($1, gen_random_uuid(), $2, $3, $4)`,
    [house.tenant, user, phone, verified],
  );

/** Somebody whose unverified number waits for its code in a login. */
async function waiting(phone = aNumber()) {
  const person = await house.person();
  await numberOf(person.pk, phone, false);
  const client = house.app();
  const { status, body } = await client.post('/auth/login', { username: person.username, password: person.password });
  expect({ status, flows: Object(body.data).flows }).toEqual({
    status: 401,
    flows: [{ id: 'login' }, { id: 'verify_phone', is_pending: true }],
  });
  return { ...person, phone, client, message: await phones.next() };
}

const SIGN_UP = { signup_fields: ['username*', 'phone', 'password1*'] };

describe('the number of whoever is signed in', () => {
  it('is told to nobody else', async () => {
    expect((await house.app().get('/account/phone')).status).toBe(401);
    expect((await house.app().post('/account/phone', { phone: aNumber() })).body).toEqual({ status: 409 });
  });

  it.each(['app', 'browser'] as const)('is theirs once a code came back that went there, as %s', async (kind) => {
    const { client } = await signedIn(kind);
    expect((await client.get('/account/phone')).body).toEqual({ status: 200, data: [] });
    const phone = aNumber();
    expect((await client.post('/account/phone', { phone })).body).toEqual({
      status: 202,
      data: [{ phone, verified: false }],
    });
    const message = await phones.next();
    expect(message.to).toBe(phone);
    expect(message.code).toMatch(/^[B-Z]{4}-[B-Z]{4}$/);
    expect((await client.get('/account/phone')).body.data).toEqual([]);
    expect((await client.post('/auth/phone/verify/resend')).body).toEqual({ status: 409 });
    expect((await client.post('/auth/phone/verify', { code: 'BBBB-BBBB' })).body.errors).toEqual([wrong]);
    expect((await client.post('/auth/phone/verify', { code: message.code.toLowerCase() })).status).toBe(200);
    expect((await client.post('/auth/phone/verify', { code: message.code })).body).toEqual({ status: 409 });
    expect((await client.get('/account/phone')).body.data).toEqual([{ phone, verified: true }]);
  });

  it('is refused where it is none, is theirs, or comes too soon', async () => {
    const phone = aNumber();
    const { client } = await signedIn('app', { phone });
    const refusals: string[] = [];
    for (const given of ['', '+31 6-123', '0612345678', phone]) {
      await house.forgetRates();
      const { status, body } = await client.post('/account/phone', { phone: given });
      refusals.push(`${status} ${Object(body.errors)[0]?.code} ${Object(body.errors)[0]?.param}`);
    }
    expect(refusals).toEqual([
      '400 required phone',
      '400 invalid_phone phone',
      '400 invalid_phone phone',
      '400 same_as_current phone',
    ]);
    // Even a number that is none used the one change of a minute.
    expect((await client.post('/account/phone', { phone: aNumber() })).body).toEqual({ status: 429 });
    expect((await client.remove('/account/phone')).status).toBe(405);
  });

  it('is asked for again after three wrong codes, or when its code is too old', async () => {
    const { client } = await signedIn();
    await house.forgetRates();
    await client.post('/account/phone', { phone: aNumber() });
    const { code } = await phones.next();
    expect((await client.post('/auth/phone/verify', {})).body.errors).toEqual([
      { message: 'This field is required.', code: 'required', param: 'code' },
    ]);
    for (const _ of [2, 3])
      expect((await client.post('/auth/phone/verify', { code: 'X' })).body.errors).toEqual([wrong]);
    expect((await client.post('/auth/phone/verify', { code })).body).toEqual({ status: 409 });
    await house.forgetRates();
    await client.post('/account/phone', { phone: aNumber() });
    const next = await phones.next();
    await house.set({ phone_verification_timeout: 0 });
    expect((await client.post('/auth/phone/verify', { code: next.code })).body).toEqual({ status: 409 });
    await house.reset();
  });

  it('is not told to be that of somebody else before a code came back, unless the tenant tells', async () => {
    await house.forgetRates();
    const phone = aNumber();
    await signedIn('app', { phone });
    const { client } = await signedIn();
    expect((await client.post('/account/phone', { phone })).status).toBe(202);
    const { code } = await phones.next();
    expect((await client.post('/auth/phone/verify', { code })).body.errors).toEqual([{ ...taken, param: 'code' }]);
    await house.forgetRates();
    await house.set({ enumeration: 'allowed' });
    expect((await client.post('/account/phone', { phone })).body.errors).toEqual([{ ...taken, param: 'phone' }]);
    await house.reset();
  });

  it('asks who it is again where the tenant wants that', async () => {
    await house.forgetRates();
    const { client } = await signedIn();
    await house.set({ reauthentication_required: true, reauthentication_timeout: 0 });
    const { status, body } = await client.post('/account/phone', { phone: aNumber() });
    expect({ status, flows: Object(body.data).flows }).toEqual({ status: 401, flows: [{ id: 'reauthenticate' }] });
    await house.reset();
  });
});

describe('a number that a login has to verify', () => {
  it('waits for its code, and signs in by it', async () => {
    await house.forgetRates();
    await house.set(SIGN_UP);
    const { client, message, phone } = await waiting();
    expect(message.to).toBe(phone);
    // It is no code to sign in by.
    expect((await client.post('/auth/code/confirm', { code: message.code })).body).toEqual({ status: 409 });
    expect((await client.post('/auth/phone/verify', { code: 'X' })).body.errors).toEqual([wrong]);
    expect((await client.post('/auth/phone/verify', { code: message.code })).status).toBe(200);
    expect((await client.get('/account/phone')).body.data).toEqual([{ phone, verified: true }]);
    expect((await client.post('/auth/phone/verify', { code: message.code })).body).toEqual({ status: 409 });
  });

  it('is given up after three wrong codes', async () => {
    await house.forgetRates();
    const { client, message } = await waiting();
    for (const _ of [1, 2, 3])
      expect((await client.post('/auth/phone/verify', { code: 'X' })).body.errors).toEqual([wrong]);
    expect((await client.post('/auth/phone/verify', { code: message.code })).body).toEqual({ status: 409 });
    expect((await client.get('/auth/session')).body.data).toEqual({ flows: [{ id: 'login' }] });
  });

  it('waits no more when its code is too old, and is told so at once', async () => {
    await house.forgetRates();
    const { client, message } = await waiting();
    await house.set({ phone_verification_timeout: 0 });
    expect((await client.get('/auth/session')).body.data).toEqual({ flows: [{ id: 'login' }] });
    expect((await client.post('/auth/phone/verify', { code: message.code })).body).toEqual({ status: 409 });
    await house.set({ phone_verification_timeout: 900 });
  });

  it('gets another code as often as the tenant lets, and not too soon', async () => {
    await house.forgetRates();
    const { client, message } = await waiting();
    expect((await client.post('/auth/phone/verify/resend')).body).toEqual({ status: 409 });
    await house.set({ phone_verification_supports_resend: 1 });
    expect((await client.post('/auth/phone/verify/resend')).body).toEqual({ status: 429 });
    await house.forgetRates();
    expect((await client.post('/auth/phone/verify/resend')).body).toEqual({ status: 200 });
    const again = await phones.next();
    await house.forgetRates();
    expect((await client.post('/auth/phone/verify/resend')).body).toEqual({ status: 409 });
    expect((await client.post('/auth/phone/verify', { code: message.code })).body.errors).toEqual([wrong]);
    expect((await client.post('/auth/phone/verify', { code: again.code })).status).toBe(200);
  });

  it('may be another one, where the tenant lets', async () => {
    await house.forgetRates();
    const { client, phone } = await waiting();
    const other = aNumber();
    expect((await client.post('/account/phone', { phone: other })).body).toEqual({ status: 409 });
    await house.set({ phone_verification_supports_change: 1 });
    expect((await client.post('/account/phone', { phone })).body.errors).toMatchObject([{ code: 'same_as_current' }]);
    expect((await client.post('/account/phone', { phone: other })).body).toEqual({
      status: 202,
      data: [{ phone: other, verified: false }],
    });
    const { to, code } = await phones.next();
    expect(to).toBe(other);
    expect((await client.post('/auth/phone/verify', { code })).status).toBe(200);
    expect((await client.get('/account/phone')).body.data).toEqual([{ phone: other, verified: true }]);
  });

  it('is not asked for where numbers are not verified, or nothing sends messages', async () => {
    await house.forgetRates();
    await house.set({ phone_verification_enabled: false });
    await signedIn('app', { phone: aNumber(), verified: false });
    const { client } = await signedIn();
    const phone = aNumber();
    expect((await client.post('/account/phone', { phone })).status).toBe(202);
    expect((await client.get('/account/phone')).body.data).toEqual([{ phone, verified: false }]);
  });
});

describe('a sign-up with a number', () => {
  const signUp = async (phone: string) => {
    await house.reset();
    await house.forgetRates();
    await house.set({ ...SIGN_UP, signup_open: true });
    const client = house.app();
    const body = { username: `new-${last}`, phone, password: 'a long walk in the hills' };
    const { status } = await client.post('/auth/signup', body);
    expect(status).toBe(401);
    const flows = [{ id: 'login' }, { id: 'signup' }, { id: 'verify_phone', is_pending: true }];
    expect((await client.get('/auth/session')).body.data).toEqual({ flows });
    return { client, message: await phones.next() };
  };

  it('is over when its code came back', async () => {
    const phone = aNumber();
    const { client, message } = await signUp(phone);
    expect((await client.post('/auth/phone/verify', { code: message.code })).body).toMatchObject({
      status: 200,
      data: { methods: [] },
    });
    expect((await client.get('/account/phone')).body.data).toEqual([{ phone, verified: true }]);
  });

  it('of somebody else waits like any, for a code that nobody has; its owner is told', async () => {
    const phone = aNumber();
    await signedIn('app', { phone });
    const { client, message } = await signUp(phone);
    expect(message).toMatchObject({ to: phone, code: '', text: expect.stringContaining('has an account') });
    await house.set({ phone_verification_supports_resend: 1, phone_verification_supports_change: 1 });
    await house.forgetRates();
    expect((await client.post('/auth/phone/verify/resend')).body).toEqual({ status: 200 });
    expect((await client.post('/auth/phone/verify', { code: 'BCDF-GHJK' })).body.errors).toEqual([wrong]);
  });
});

describe('a number that people sign in by', () => {
  it('signs in by password', async () => {
    await house.reset();
    await house.set({ login_methods: ['username', 'phone'] });
    const phone = aNumber();
    const { password } = await signedIn('app', { phone });
    const { status, body } = await house.app().post('/auth/login', { phone, password });
    expect({ status, methods: Object(body.data).methods }).toEqual({
      status: 200,
      methods: [{ method: 'password', at: expect.any(Number) }],
    });
    expect((await house.app().post('/auth/login', { phone, password: 'wrong' })).body.errors).toMatchObject([
      { code: 'phone_password_mismatch', param: 'password' },
    ]);
  });

  it('signs in by a code, which verifies it; a number that nobody has is answered alike and gets nothing', async () => {
    await house.forgetRates();
    await house.set({ login_by_code_enabled: true });
    const phone = aNumber();
    const { pk } = await house.person();
    await numberOf(pk, phone, false);
    const flows = [{ id: 'login' }, { id: 'login_by_code', is_pending: true }];
    const [nobody, client] = [house.app(), house.app()];
    const before = phones.messages.length;
    for (const [one, number] of [[nobody, aNumber()] as const, [client, phone] as const]) {
      const { status, body } = await one.post('/auth/code/request', { phone: number });
      expect({ status, data: body.data }).toEqual({ status: 401, data: { flows } });
    }
    const { to, code } = await phones.next();
    expect(to).toBe(phone);
    const { status, body } = await client.post('/auth/code/confirm', { code });
    expect({ status, methods: Object(body.data).methods }).toEqual({
      status: 200,
      methods: [{ method: 'code', at: expect.any(Number), phone }],
    });
    expect((await client.get('/account/phone')).body.data).toEqual([{ phone, verified: true }]);
    expect(phones.messages).toHaveLength(before + 1);
    for (const [sent, error] of [
      [{}, { code: 'required', param: 'email' }],
      [{ email: 'a@example.com', phone }, { code: 'select_only_one' }],
      [{ phone: '123' }, { code: 'invalid_phone', param: 'phone' }],
    ] as const)
      expect((await house.app().post('/auth/code/request', sent)).body.errors).toMatchObject([error]);
  });

  it('is no way in where nothing sends messages', async () => {
    await phones.remove();
    await house.forgetRates();
    expect((await house.app().post('/auth/code/request', { phone: aNumber() })).body).toEqual({ status: 409 });
    const { client } = await signedIn();
    expect((await client.post('/account/phone', { phone: aNumber() })).body).toEqual({ status: 409 });
  });
});
