import { expect, it } from 'vitest';
import { decodeMessage } from './headless.message.ts';
import { whoIn } from './who.ts';

const USER = { id: 7, display: 'grace', email: 'grace@example.com', has_usable_password: true };

it('knows whoever is signed in, and what they have to show once more', () => {
  const signedIn = whoIn(decodeMessage(200, { data: { user: USER, methods: [] }, meta: { is_authenticated: true } }));
  expect(signedIn).toMatchObject({ user: { id: '7', display: 'grace', hasPassword: true }, flows: [] });
  const flows = [{ id: 'reauthenticate' }, { id: 'mfa_reauthenticate', types: ['totp'] }];
  const asked = whoIn(decodeMessage(401, { data: { user: USER, flows }, meta: { is_authenticated: true } }));
  expect([asked.user?.id, asked.flows.map(({ id }) => id), asked.pending]).toEqual([
    '7',
    ['reauthenticate', 'mfa_reauthenticate'],
    undefined,
  ]);
});

it.each([
  ['nobody', 401, { is_authenticated: false }],
  ['nobody where a step is over', 401, { is_authenticated: null }],
  ['nobody whose session is gone', 410, { is_authenticated: null }],
])('knows %s', (_, status, meta) => {
  const flows = [{ id: 'login' }, { id: 'password_reset_by_code', is_pending: false }];
  expect(whoIn(decodeMessage(status, { data: { flows }, meta }))).toMatchObject({
    flows: [
      { id: 'login', isPending: false },
      { id: 'password_reset_by_code', isPending: false },
    ],
  });
  expect(whoIn(decodeMessage(status, { data: { flows }, meta })).user).toBeUndefined();
});

it('knows the step that waits', () => {
  const flows = [{ id: 'login' }, { id: 'mfa_authenticate', is_pending: true, types: ['totp', 'webauthn'] }];
  const { pending } = whoIn(decodeMessage(401, { data: { flows }, meta: { is_authenticated: false } }));
  expect(pending).toMatchObject({ id: 'mfa_authenticate', types: ['totp', 'webauthn'] });
});
