import type { auth } from '@postern/proto';
import type { OAuth2Client } from '../../clients/index.ts';
import { SPECIAL_SCOPES } from '../vocabulary.ts';

/** What the consent page lists: the mappings of the granted scopes in the order of their scopes, then the scopes that need no mapping. */
export function consentPermissions(
  { scopes: programs }: Pick<OAuth2Client, 'scopes'>,
  granted: readonly string[],
): auth.ConsentPermission[] {
  const configured = programs
    .filter(({ scopeName }) => granted.includes(scopeName))
    .map(({ scopeName, description }) => ({ id: scopeName, name: description }))
    .toSorted(({ id: a }, { id: b }) => (a < b ? -1 : Number(a > b)));
  const special = granted
    .filter((scope) => !configured.some(({ id }) => id === scope))
    .map((scope) => ({ id: scope, name: SPECIAL_SCOPES.get(scope) ?? '' }))
    .filter(({ name }) => name !== '');
  return [...configured, ...special];
}
