import type { AppleChallenge } from '../../executor/source.types.ts';

/**
 * Where Apple signs people in. Its script would come to the same address; a link needs no script of theirs.
 * With a scope Apple insists on `form_post`.
 */
export function appleAddress({ client_id, redirect_uri, scope, state }: AppleChallenge): string {
  const query = new URLSearchParams({
    client_id,
    redirect_uri,
    response_type: 'code id_token',
    response_mode: 'form_post',
    scope,
    state,
  });
  return `https://appleid.apple.com/auth/authorize?${query.toString().replaceAll('+', '%20')}`;
}
