import { common, invalidField } from '@postern/errors';
import type { auth } from '@postern/proto';
import type { Call } from '@postern/rpc';
import { tokenErrors } from './token.errors.ts';

/** Who asks about tokens. */
export type Asker = {
  /** Key of the user; undefined for a service. */
  readonly pk: number | undefined;
  /** Superusers and services act on the tokens of everyone. */
  readonly mayAll: boolean;
  readonly permissions: readonly string[];
};

/** The caller, as the rules see them. */
export function askerOf({ context: { principal } }: Call): Asker {
  if (principal.kind === 'anonymous') throw common.UNAUTHENTICATED();
  if (principal.kind === 'service') return { pk: undefined, mayAll: true, permissions: [] };
  return { pk: principal.user.pk, mayAll: principal.superuser, permissions: principal.permissions };
}

/** Fields that only those may set who act on everyone's tokens: the owner, whether it ends at all, and the name the platform keeps it by. */
const RESERVED = ['user', 'expiring', 'managed'];

/** Fields of the message that a caller may change, out of those that the mask names. Undefined names all. */
export function changeable(asker: Asker, mask: readonly string[] | undefined): string[] {
  const wanted = mask === undefined || mask.includes('*') ? FIELDS : mask;
  return FIELDS.filter((field) => wanted.includes(field) && (asker.mayAll || !RESERVED.includes(field)));
}

const FIELDS = ['managed', 'identifier', 'intent', 'user', 'description', 'expires', 'expiring'] as const;

/** Intents of the tokens that people make. Throws TOKEN_INTENT_INVALID for any other. */
export function intentOf({ intent }: Pick<auth.Token, 'intent'>): string {
  if (intent !== 'api' && intent !== 'app_password') throw tokenErrors.TOKEN_INTENT_INVALID({ intent });
  return intent;
}

const LONGEST_MANAGED = 255;

/** The name that the platform keeps a token by; null for none. Throws a field error for one that no index could hold. */
export function managedOf({ managed }: Pick<auth.Token, 'managed'>): string | null {
  if ((managed?.length ?? 0) <= LONGEST_MANAGED) return managed ?? null;
  throw invalidField('managed', `Ensure this field has no more than ${LONGEST_MANAGED} characters.`, 'INVALID');
}

/** Life of a token that names no end: half an hour, whatever its intent. */
export const DEFAULT_LIFE_MS = 30 * 60 * 1000;

/** Attribute of users that says whether the tokens they make end; they do unless it is false. */
export const EXPIRING_ATTRIBUTE = 'goauthentik.io/user/token-expires';
