import type { Call } from '@postern/rpc';
import type { AuthMethod } from '../../client-settings/index.ts';
import type { OAuth2Client } from '../../clients/index.ts';
import { oauth2Errors } from '../oauth2.errors.ts';
import { welcomeOrigin } from '../origins/index.ts';
import { equalSecrets } from '../tokens/index.ts';
import type { ProvesByKey } from './client.assertion.ts';
import { type ClientCredentials, type Presented, presentedBy, type Reading } from './client.credentials.ts';

/** Finds a client by its name in the protocol. */
export type FindClient = (tenant: string, clientId: string) => Promise<OAuth2Client | undefined>;

/** How strictly a client has to prove who it is. */
export type AuthenticationRule = {
  /** Whether a public client may come without a secret: RFC 6749, section 3.2.1. */
  readonly allowsPublic: boolean;
  /** The grant brings a proof of its own, so that any client may come without one; one that is given has to hold all the same. */
  readonly allowsUnproven?: boolean;
  /** The grant may take the assertion for itself: it counts for the client only where the client's settings say that it signs. */
  readonly assertionMayBeGrant?: boolean;
  /** HTTP status of a refusal where no Basic header came: RFC 6749, section 5.2 leaves it open. Default 401. */
  readonly plainStatus?: number;
};

/** Proves which client is calling. Throws INVALID_CLIENT and INVALID_REQUEST. */
export type ClientAuthenticator = (
  request: ClientCredentials,
  rule: AuthenticationRule,
  call: Call,
) => Promise<OAuth2Client>;

export type ClientAuthenticatorDeps = { readonly findClient: FindClient; readonly provesByKey: ProvesByKey };

/**
 * Creates the authentication of clients by `client_secret_basic`, `client_secret_post`, `private_key_jwt` and `none`, for every endpoint. A client
 * whose settings name a way is taken by that one alone. Unknown clients cost the same comparison as wrong secrets.
 */
export function createClientAuthenticator(deps: ClientAuthenticatorDeps): ClientAuthenticator {
  return async (request, rule, call) => {
    const presented = presentedBy(request, call);
    const client = await identify(presented, rule, call, deps);
    if (client) return client;
    if (presented.method !== 'client_secret_basic') call.response.status(rule.plainStatus ?? 401);
    throw oauth2Errors.INVALID_CLIENT();
  };
}

async function identify(
  presented: Presented,
  rule: AuthenticationRule,
  call: Call,
  { findClient, provesByKey }: ClientAuthenticatorDeps,
): Promise<OAuth2Client | undefined> {
  const { method } = presented;
  const find = async (id: string) => {
    const named = id === '' ? undefined : await findClient(call.context.tenant, id);
    if (named) welcomeOrigin(named, call);
    return named;
  };
  if (method === 'client_secret_basic' || method === 'client_secret_post')
    return bySecret(method, presented.readings, rule, find);
  const client = await find(presented.id);
  if (!client) return undefined;
  const isGrant = rule.assertionMayBeGrant === true && client.settings.tokenEndpointAuthMethod !== 'private_key_jwt';
  if (method === 'private_key_jwt' && isGrant) return mayComeBare(client, rule) ? client : undefined;
  if (!allows(client, method)) return undefined;
  if (method === 'private_key_jwt') return (await provesByKey(client, presented.assertion, call)) ? client : undefined;
  return mayComeBare(client, rule) ? client : undefined;
}

async function bySecret(
  method: 'client_secret_basic' | 'client_secret_post',
  readings: readonly Reading[],
  rule: AuthenticationRule,
  find: (id: string) => Promise<OAuth2Client | undefined>,
): Promise<OAuth2Client | undefined> {
  for (const { id, secret } of readings) {
    const client = await find(id);
    const isEqual = equalSecrets(client?.clientSecret ?? '', secret);
    if (!client || !allows(client, method)) continue;
    if (isEqual && client.clientSecret !== '') return client;
    // What a public client sends as its secret is no secret.
    if (client.clientType === 'public' && rule.allowsPublic) return client;
  }
  return undefined;
}

/** Whether the settings of a client let it prove itself this way; without a word of theirs, by its secret. */
function allows({ settings, clientType }: OAuth2Client, method: AuthMethod): boolean {
  const only = settings.tokenEndpointAuthMethod;
  if (only === 'none') return clientType === 'public';
  return only === '' ? method !== 'private_key_jwt' : only === method;
}

/** A client that has to prove itself in a certain way never comes without. */
function mayComeBare({ settings, clientType }: OAuth2Client, rule: AuthenticationRule): boolean {
  if (clientType === 'public') return rule.allowsPublic;
  return rule.allowsUnproven === true && settings.tokenEndpointAuthMethod === '';
}
