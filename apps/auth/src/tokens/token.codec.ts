import type { auth, directory } from '@postern/proto';

/** A token as rows and lists hold it; its owner by key. */
export type PlainToken = {
  readonly pk: string;
  readonly identifier: string;
  readonly intent: string;
  readonly user: number;
  readonly description: string;
  readonly expires?: Date | null | undefined;
  readonly expiring: boolean;
  readonly managed?: string | null | undefined;
};

/** A token without its secret. The owner in full is absent where they are gone already. */
export function encodeToken(token: PlainToken, owner: directory.User | undefined): auth.Token {
  const { pk, identifier, intent, user, description, expires, expiring, managed } = token;
  return {
    pk,
    identifier,
    intent,
    user,
    user_obj: owner,
    description,
    expires: expires?.toISOString(),
    expiring,
    managed: managed ?? undefined,
  };
}
