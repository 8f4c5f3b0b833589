import { common } from '@postern/errors';
import type { Call } from '@postern/rpc';

/** What somebody asked for, if it is theirs to see: superusers see that of others, too. Throws NOT_FOUND. */
export function requireOwn<Asked extends { readonly user: number }>(
  asked: Asked | undefined,
  { context: { principal } }: Pick<Call, 'context'>,
): Asked {
  const isTheirs = principal.kind === 'user' && (principal.superuser || principal.user.pk === asked?.user);
  if (asked === undefined || !isTheirs) throw common.NOT_FOUND();
  return asked;
}
