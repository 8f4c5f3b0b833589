import type { OAuth2Client } from '../../../clients/index.ts';
import { SPECIAL_SCOPES } from '../../vocabulary.ts';
import { refused } from '../authorization.ts';
import type { Step } from '../step.ts';

/**
 * RFC 6749, section 3.3: who asks for nothing gets the scopes of the client; of what is asked, only what is configured is granted, and the token
 * response says so. The scope of the API is no exception: it takes a mapping.
 */
export function grantedScopes({ scopes }: Pick<OAuth2Client, 'scopes'>, asked: readonly string[]): string[] {
  const configured = [...new Set(scopes.map(({ scopeName }) => scopeName))];
  if (asked.length === 0) return configured;
  return asked.filter((scope) => configured.includes(scope) || SPECIAL_SCOPES.has(scope));
}

/** RFC 6749, section 4.1.2.1: a request of which nothing is left is refused; an id token takes `openid`. */
export const checkScope: Step = ({ parameters, scopes }) => {
  const needsOpenid = parameters.kind?.issues.includes('id_token') === true;
  const isEmpty = scopes.length === 0 && parameters.scopes.length > 0;
  if (!isEmpty && (!needsOpenid || scopes.includes('openid'))) return undefined;
  return refused('invalid_scope', 'The requested scope is invalid, unknown, or malformed');
};
