import type { Call } from '@postern/rpc';
import { oauth2Errors } from '../oauth2.errors.ts';
import { JWT_BEARER } from './client.assertion.ts';

/** What a client says of itself: RFC 6749, section 2.3.1; RFC 7521, section 4.2. */
export type ClientCredentials = {
  readonly client_id: string;
  readonly client_secret: string;
  readonly client_assertion_type?: string;
  readonly client_assertion?: string;
};

/** One way in which a client says who it is. */
export type Presented =
  /** Two readings of a header, where it makes a difference whether its parts are encoded. */
  | { readonly method: 'client_secret_basic'; readonly readings: readonly Reading[] }
  | { readonly method: 'client_secret_post'; readonly readings: readonly Reading[] }
  | { readonly method: 'private_key_jwt'; readonly id: string; readonly assertion: string }
  | { readonly method: 'none'; readonly id: string };

/** A name with a secret. */
export type Reading = { readonly id: string; readonly secret: string };

/**
 * How a client says who it is. Throws INVALID_REQUEST for one that does so in several ways (RFC 6749, section 2.3), and INVALID_CLIENT for what
 * cannot be read.
 */
export function presentedBy(request: ClientCredentials, { headers }: Pick<Call, 'headers'>): Presented {
  const { client_id: id, client_secret: secret, client_assertion: assertion = '' } = request;
  const type = request.client_assertion_type ?? '';
  const basic = readBasic(headers.authorization);
  const isByKey = assertion !== '' || type !== '';
  if ([basic !== undefined, secret !== '', isByKey].filter(Boolean).length > 1) throw oauth2Errors.INVALID_REQUEST();
  if (basic) {
    const readings = basic.filter((reading) => id === '' || id === reading.id);
    return { method: 'client_secret_basic', readings };
  }
  if (isByKey) {
    if (type !== JWT_BEARER || assertion === '') throw oauth2Errors.INVALID_CLIENT();
    return { method: 'private_key_jwt', id: id === '' ? subjectWithin(assertion) : id, assertion };
  }
  return secret === '' ? { method: 'none', id } : { method: 'client_secret_post', readings: [{ id, secret }] };
}

/**
 * What a Basic header holds; undefined without one. RFC 6749 has clients encode both parts as in forms, and many do not: where it makes a
 * difference, both readings are tried.
 */
function readBasic(header: string | undefined): Reading[] | undefined {
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

/** Whom an assertion speaks of; nothing is believed of it yet. */
function subjectWithin(assertion: string): string {
  try {
    const claims: unknown = JSON.parse(Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString());
    const subject = typeof claims === 'object' && claims !== null && 'sub' in claims ? claims.sub : '';
    return typeof subject === 'string' ? subject : '';
  } catch {
    return '';
  }
}
