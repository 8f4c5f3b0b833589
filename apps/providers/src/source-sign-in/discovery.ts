import type { Clock } from '../oauth2/index.ts';
import { type Document, type ReadDocument, textIn } from './document.reader.ts';
import { sourceSignInErrors } from './source-sign-in.errors.ts';

/** What a discovery document says: OpenID Connect Discovery, section 3. */
export type Metadata = {
  readonly issuer: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly userInfoEndpoint: string | undefined;
  readonly jwksUri: string;
  /** The secret goes into the header, not into the form. */
  readonly authenticatesByHeader: boolean;
  /** Answers name their issuer: RFC 9207, section 3. */
  readonly namesIssuer: boolean;
};

/** Finds the metadata behind an address. Throws SOURCE_UNREACHABLE. */
export type Discovery = (url: string) => Promise<Metadata>;

const FRESH_MS = 600_000;
/** A server that does not answer is asked again after this. */
const PAUSE_MS = 5_000;
const CAPACITY = 1_000;

type Known = { readonly metadata: Promise<Metadata>; until: number };

/** Creates the memory of discovery documents: each is read once for all who wait for it, and remembered for ten minutes. */
export function createDiscovery({ read, clock }: { read: ReadDocument; clock: Clock }): Discovery {
  const known = new Map<string, Known>();
  const now = () => clock.now().getTime();

  function ask(url: string): Promise<Metadata> {
    const metadata = read(url).then(({ status, document }) => {
      if (status !== 200) throw sourceSignInErrors.SOURCE_UNREACHABLE();
      return parsed(url, document);
    });
    const entry = { metadata, until: now() + FRESH_MS };
    metadata.catch(() => {
      entry.until = now() + PAUSE_MS;
    });
    const [oldest] = known.keys();
    if (known.size >= CAPACITY && oldest !== undefined) known.delete(oldest);
    known.set(url, entry);
    return metadata;
  }

  return (url) => {
    const found = known.get(url);
    return found && found.until > now() ? found.metadata : ask(url);
  };
}

/**
 * The address that an administrator gave is what is trusted. A server may publish one issuer for all of its applications, so the issuer need not be
 * the address without its end, but it has to be of the same origin; nothing that was found by HTTPS leads to less.
 */
function parsed(url: string, document: Document): Metadata {
  const issuer = textIn(document, 'issuer');
  const authorizationEndpoint = textIn(document, 'authorization_endpoint');
  const tokenEndpoint = textIn(document, 'token_endpoint');
  const userInfoEndpoint = textIn(document, 'userinfo_endpoint');
  const jwksUri = textIn(document, 'jwks_uri');
  const isWhole = issuer && authorizationEndpoint && tokenEndpoint && jwksUri;
  if (!isWhole || originOf(issuer) !== originOf(url)) throw sourceSignInErrors.SOURCE_UNREACHABLE();
  for (const endpoint of [authorizationEndpoint, tokenEndpoint, jwksUri, userInfoEndpoint ?? tokenEndpoint])
    if (!isAsSafe(endpoint, url)) throw sourceSignInErrors.SOURCE_UNREACHABLE();
  const methods = document.token_endpoint_auth_methods_supported;
  return {
    issuer,
    authorizationEndpoint,
    tokenEndpoint,
    userInfoEndpoint,
    jwksUri,
    // What is not said is `client_secret_basic`.
    authenticatesByHeader: !(Array.isArray(methods) && methods.includes('client_secret_post')),
    namesIssuer: document.authorization_response_iss_parameter_supported === true,
  };
}

function originOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).origin : undefined;
}

function isAsSafe(endpoint: string, than: string): boolean {
  if (!URL.canParse(endpoint)) return false;
  const { protocol } = new URL(endpoint);
  return protocol === 'https:' || (protocol === 'http:' && new URL(than).protocol === 'http:');
}
