import type { Call } from '@postern/rpc';
import type { OAuth2Client } from '../../clients/index.ts';
import { oauth2Errors } from '../oauth2.errors.ts';
import { equalSecrets } from '../tokens/index.ts';

/** What a client says of itself: RFC 6749, section 2.3.1. */
export type ClientCredentials = { readonly client_id: string; readonly client_secret: string };

/** Finds a client by its name in the protocol. */
export type FindClient = (tenant: string, clientId: string) => Promise<OAuth2Client | undefined>;

/** How strictly a client has to prove who it is. */
export type AuthenticationRule = {
  /** Whether a public client may come without a secret: RFC 6749, section 3.2.1. */
  readonly allowsPublic: boolean;
  /** HTTP status of a refusal where no Basic header came: RFC 6749, section 5.2 leaves it open. Default 401. */
  readonly plainStatus?: number;
};

/** Proves which client is calling. Throws INVALID_CLIENT and INVALID_REQUEST. */
export type ClientAuthenticator = (
  request: ClientCredentials,
  rule: AuthenticationRule,
  call: Call,
) => Promise<OAuth2Client>;

type Presented = { readonly id: string; readonly secret: string };

/**
 * Creates the authentication of clients by `client_secret_basic`, `client_secret_post` and `none`. Unknown clients cost the same
 * comparison as wrong secrets.
 */
export function createClientAuthenticator({ findClient }: { findClient: FindClient }): ClientAuthenticator {
  return async (request, { allowsPublic, plainStatus = 401 }, call) => {
    const basic = readBasic(call.headers.authorization);
    if (basic && request.client_secret !== '') throw oauth2Errors.INVALID_REQUEST();
    const ways = basic ?? [{ id: request.client_id, secret: request.client_secret }];
    for (const { id, secret } of ways) {
      if (basic && request.client_id !== '' && request.client_id !== id) continue;
      const client = id === '' ? undefined : await findClient(call.context.tenant, id);
      if (proves(client, secret, allowsPublic) && client) return client;
    }
    if (!basic) call.response.status(plainStatus);
    throw oauth2Errors.INVALID_CLIENT();
  };
}

function proves(client: OAuth2Client | undefined, secret: string, allowsPublic: boolean): boolean {
  const isEqual = equalSecrets(client?.clientSecret ?? '', secret);
  if (!client) return false;
  if (client.clientType === 'public' && allowsPublic) return true;
  return isEqual && client.clientSecret !== '';
}

/**
 * What a Basic header holds; undefined without one. RFC 6749 has clients encode both parts as in forms, and many do not: where it makes a
 * difference, both readings are tried.
 */
function readBasic(header: string | undefined): Presented[] | undefined {
  const [, encoded] = /^Basic +(\S+)$/i.exec(header ?? '') ?? [];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString();
  const colon = text.indexOf(':');
  if (colon < 0) throw oauth2Errors.INVALID_CLIENT();
  const plain = { id: text.slice(0, colon), secret: text.slice(colon + 1) };
  const decoded = { id: formDecoded(plain.id), secret: formDecoded(plain.secret) };
  return decoded.id === plain.id && decoded.secret === plain.secret ? [plain] : [plain, decoded];
}

function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
