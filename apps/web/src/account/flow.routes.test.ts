import { expect, it } from 'vitest';
import { pageOfFlow, placeAfter } from './flow.routes.ts';
import type { Flow, Who } from './who.ts';

const NOBODY: Who = { flows: [] };
const GRACE: Who = { flows: [], user: { id: '7', display: 'grace', hasPassword: true } };
const LINUS: Who = { flows: [], user: { id: '8', display: 'linus', hasPassword: true } };

const waitingFor = (id: string): Who => {
  const pending: Flow = { id, isPending: true, types: [], providers: [] };
  return { flows: [pending], pending };
};

it.each([
  ['verify_email', 'verify-email'],
  ['verify_phone', 'verify-phone'],
  ['login_by_code', 'code-confirm'],
  ['mfa_authenticate', 'second-factor'],
  ['mfa_trust', 'trust'],
  ['mfa_signup_webauthn', 'signup-passkey'],
  ['password_reset_by_code', 'reset-confirm'],
  ['provider_signup', 'provider-signup'],
  ['reauthenticate', 'reauthenticate'],
  ['something_of_tomorrow', 'unknown-step'],
])('%s has the page %s', (flow, page) => expect(pageOfFlow(flow)).toBe(page));

it.each([
  ['whoever signs in goes home', NOBODY, GRACE, undefined, '/account/'],
  ['or where they wanted to go', waitingFor('mfa_trust'), GRACE, '/if/user/', '/if/user/'],
  ['whoever signs out signs in again', GRACE, NOBODY, '/if/user/', '/account/login'],
  ['another person is another sign-in', GRACE, LINUS, undefined, '/account/'],
  ['whoever stays stays', GRACE, GRACE, '/if/user/', undefined],
  ['a new step is gone to', NOBODY, waitingFor('mfa_trust'), undefined, '/account/2fa/trust'],
  ['and knows where to go on', NOBODY, waitingFor('mfa_trust'), '/a?b', '/account/2fa/trust?next=%2Fa%3Fb'],
  ['a step that still waits is not', waitingFor('mfa_trust'), waitingFor('mfa_trust'), undefined, undefined],
  ['a step that is over leads nowhere', waitingFor('mfa_trust'), NOBODY, undefined, undefined],
])('%s', (_, before, after, next, place) => expect(placeAfter(before, after, next)).toBe(place));
