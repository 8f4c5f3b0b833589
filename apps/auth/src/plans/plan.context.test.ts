import { expect, it } from 'vitest';
import { mergeContext, type PendingUser } from './plan.context.ts';

const account = (pk: number): PendingUser => ({ kind: 'account', pk, uuid: '', username: String(pk) });
const proved = { pending_user: account(1), auth_method: 'password', user_backend: 'x', first_password_only: true };

it('forgets what was proved once a plan is about somebody else, whoever says so', () => {
  const after = mergeContext(proved, { pending_user: account(2) });
  expect(after).toEqual({ pending_user: account(2) });
  expect(mergeContext(proved, { pending_user: { kind: 'unknown', username: 'x' } }).auth_method).toBeUndefined();
});

it('keeps it while the plan is about the same person, and takes what is proved with a change', () => {
  expect(mergeContext(proved, { pending_user: account(1), redirect: '/' })).toEqual({ ...proved, redirect: '/' });
  const change = { pending_user: account(2), auth_method: 'auth_webauthn_pwl' };
  expect(mergeContext(proved, change)).toMatchObject(change);
});
