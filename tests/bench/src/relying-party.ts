import { createHash, randomBytes } from 'node:crypto';
import { createEcKeyPair } from './ec-key-pair.ts';
import type { Installation } from './installation.ts';
import { type Browser, runFlow } from './load/browser.ts';
import { form } from './load/form.ts';
import type { HttpRequest } from './load/http.connection.ts';

/** Algorithms that tokens are signed with. */
export type Algorithm = 'ES256' | 'RS256';

/** An application that trusts the platform, and what it needs to know. */
export type RelyingParty = {
  readonly clientId: string;
  /** Value of its Authorization header. */
  readonly authorization: string;
};

/** A service account with its app password. */
export type Account = { readonly username: string; readonly token: string };

const REDIRECT_URI = 'https://app.example.com/callback';
const SCOPE = 'openid profile email offline_access';
const FLOW = 'default-provider-authorization-implicit-consent';
const VERIFIER = randomBytes(32).toString('base64url');
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');

/** Registers an application whose tokens are signed with a key of the algorithm, all default claims included. */
export async function createRelyingParty({ api }: Installation, algorithm: Algorithm): Promise<RelyingParty> {
  const name = `bench-${algorithm.toLowerCase()}`;
  const { pk: flow } = await api<{ pk: string }>('GET', `/flows/instances/${FLOW}/`);
  const mappings = await api<Page>('GET', '/propertymappings/scope/?page_size=100');
  const {
    pk: provider,
    client_id,
    client_secret,
  } = await api<Provider>('POST', '/providers/oauth2/', {
    name,
    authorization_flow: flow,
    property_mappings: mappings.results.map(({ pk }) => pk),
    signing_key: await keyOf(api, algorithm),
    redirect_uris: REDIRECT_URI,
  });
  await api('POST', '/core/applications/', { name, slug: name, provider });
  const authorization = `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString('base64')}`;
  return { clientId: client_id, authorization };
}

type Page = { results: { pk: string }[] };
type Provider = { pk: number; client_id: string; client_secret: string };

/** The key of the first start is one of RSA. */
async function keyOf(api: Installation['api'], algorithm: Algorithm): Promise<string | undefined> {
  if (algorithm === 'RS256') {
    const { results } = await api<Page>('GET', '/crypto/certificatekeypairs/?has_key=true');
    return results[0]?.pk;
  }
  const { certificate, key } = createEcKeyPair('bench');
  const body = { name: 'bench', certificate_data: certificate, key_data: key };
  return (await api<{ pk: string }>('POST', '/crypto/certificatekeypairs/', body)).pk;
}

/** Creates a service account for the grant of clients. */
export async function createAccount({ api }: Installation): Promise<Account> {
  return api<Account>('POST', '/core/users/service_account/', { name: 'bench-service', create_group: false });
}

/** A person who is signed in goes to the application; answers with the code that it gets. */
export async function authorize(browser: Browser, { clientId }: RelyingParty): Promise<string> {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: REDIRECT_URI,
    scope: SCOPE,
    state: 'state',
    nonce: 'nonce',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
  });
  const answer = await browser.send({ method: 'GET', path: `/application/o/authorize/?${query}` });
  const location = answer.header('location') ?? '';
  const page = /\/if\/flow\/([^/]+)\/\??(.*)$/.exec(location);
  const target = page ? await runFlow(browser, { slug: page[1] ?? '', query: page[2] ?? '', answers: {} }) : location;
  const code = URL.parse(target)?.searchParams.get('code');
  if (!code) throw new Error(`no code: ${answer.status} ${target || location} ${answer.body.slice(0, 300)}`);
  return code;
}

/** Redeems a code. */
export function redemptionOf({ authorization }: RelyingParty, code: string): HttpRequest {
  const grant = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI, code_verifier: VERIFIER };
  return form('/application/o/token/', authorization, grant);
}

/** Asks for a token as a service account. */
export function clientCredentialsOf({ authorization }: RelyingParty, { username, token }: Account): HttpRequest {
  const grant = { grant_type: 'client_credentials', username, password: token, scope: 'openid profile' };
  return form('/application/o/token/', authorization, grant);
}

/** Asks what a token is worth. */
export function introspectionOf({ authorization }: RelyingParty, token: string): HttpRequest {
  return form('/application/o/introspect/', authorization, { token });
}
