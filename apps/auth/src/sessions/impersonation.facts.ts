import { defineEvent, type Fact, fact } from '@postern/messaging';
import { auth } from '@postern/proto';
import { recordedFact } from '@postern/resource';

/** Somebody acts as somebody else. */
export const IMPERSONATION_BEGUN = defineEvent('auth.v1.impersonation.begun', auth.ImpersonationBegun);
/** They do not any more. */
export const IMPERSONATION_ENDED = defineEvent('auth.v1.impersonation.ended', auth.ImpersonationEnded);

const APP = 'authentik.core.api.users';

/** Somebody acts as somebody else: for whoever keeps their principal, and for the audit log. */
export function impersonationBegun(session: string, impersonator: number, user: number): Fact[] {
  return [
    fact(IMPERSONATION_BEGUN, { session, impersonator, user }),
    recordedFact('auth', { action: 'impersonation_started', app: APP }),
  ];
}

/** Somebody acts as themselves again. */
export function impersonationEnded(session: string, impersonator: number, user: number): Fact[] {
  return [
    fact(IMPERSONATION_ENDED, { session, impersonator, user }),
    recordedFact('auth', { action: 'impersonation_ended', app: APP }),
  ];
}
