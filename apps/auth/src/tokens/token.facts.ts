import { defineEvent, type Fact, fact } from '@postern/messaging';
import { auth } from '@postern/proto';
import { type ModelVerb, modelFact } from '@postern/resource';

/** Model label of tokens. */
export const TOKEN_MODEL = 'authentik_core.token';

/** Somebody looked at the secret of a token. */
export const TOKEN_VIEWED = defineEvent('auth.v1.token.viewed', auth.TokenViewed);

/** A token that expired got another secret. */
export const TOKEN_ROTATED = defineEvent('auth.v1.token.rotated', auth.TokenRotated);

type Titled = {
  readonly pk: string;
  readonly identifier: string;
  readonly expiring: boolean;
  readonly expires?: Date | string | null | undefined;
};

/** What a token is called in events and in "used by". */
export function tokenTitle({ identifier, expiring, expires }: Titled): string {
  const end = expires ? new Date(expires).toISOString().replace('T', ' ').replace('Z', '+00:00') : 'None';
  return expiring ? `${identifier} (expires=${end})` : identifier;
}

/** A token was created, changed or deleted: principals that came by it are resolved again. */
export function tokenFact(verb: ModelVerb, token: Titled, changed: readonly string[] = []): Fact {
  return modelFact('auth.v1.token', verb, { model: TOKEN_MODEL, pk: token.pk, name: tokenTitle(token) }, changed);
}

/** A token has another secret; its new end stands in its name. */
export function tokenRotated(token: Titled): Fact {
  return fact(TOKEN_ROTATED, { pk: token.pk, name: tokenTitle(token), identifier: token.identifier });
}

/** The secret of a token was shown. */
export function tokenViewed(token: Titled): Fact {
  return fact(TOKEN_VIEWED, { pk: token.pk, name: tokenTitle(token) });
}
