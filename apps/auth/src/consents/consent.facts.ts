import { defineEvent, type Fact, fact } from '@postern/messaging';
import { auth } from '@postern/proto';
import { type ModelVerb, modelFact } from '@postern/resource';

/** Model label of consents. */
export const CONSENT_MODEL = 'authentik_core.userconsent';

/** Somebody takes back what an application may have. */
export const CONSENT_REVOKED = defineEvent('auth.v1.consent.revoked', auth.ConsentRevoked);

/** Names of a consent's parties, as events tell of them. */
export type ConsentNames = { readonly application: string; readonly username: string };

/** A consent was given, given anew, or taken back: for the audit log. */
export function consentFact(verb: ModelVerb, pk: number, { application, username }: ConsentNames): Fact {
  const name = `User consent ${application} by ${username}`;
  const changed = verb === 'updated' ? ['permissions', 'expires'] : [];
  return modelFact('auth.v1.consent', verb, { model: CONSENT_MODEL, pk, name }, changed);
}

/** A consent was taken back: for whoever issued something by it. */
export function consentRevoked(user: number, application: string): Fact {
  return fact(CONSENT_REVOKED, { user, application });
}
