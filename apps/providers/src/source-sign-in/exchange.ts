import type { Begun } from './begun.state.ts';
import type { Metadata } from './discovery.ts';
import { type Document, type ReadDocument, textIn } from './document.reader.ts';
import type { SignInSource } from './sign-in-source.repository.ts';
import { sourceSignInErrors } from './source-sign-in.errors.ts';

/** What a code was redeemed for. */
export type Redeemed = { readonly idToken: string; readonly accessToken: string | undefined };

/** Redeems a code: RFC 6749, section 4.1.3, and RFC 7636, section 4.5. Throws SOURCE_REFUSED, SOURCE_UNREACHABLE. */
export async function redeem(
  read: ReadDocument,
  source: SignInSource,
  { tokenEndpoint, authenticatesByHeader }: Metadata,
  { code, begun }: { readonly code: string; readonly begun: Begun },
): Promise<Redeemed> {
  const { clientId, clientSecret } = source;
  const form = new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    redirect_uri: begun.redirectUri,
    code_verifier: begun.verifier,
    ...(authenticatesByHeader ? {} : { client_id: clientId, client_secret: clientSecret }),
  });
  const { status, document } = await read(tokenEndpoint, {
    method: 'POST',
    body: form.toString(),
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...(authenticatesByHeader ? { authorization: basic(clientId, clientSecret) } : {}),
    },
  });
  if (status >= 500) throw sourceSignInErrors.SOURCE_UNREACHABLE();
  const idToken = textIn(document, 'id_token');
  if (status !== 200 || idToken === undefined) throw sourceSignInErrors.SOURCE_REFUSED();
  return { idToken, accessToken: textIn(document, 'access_token') };
}

/** Both halves are form-encoded: RFC 6749, section 2.3.1. */
function basic(id: string, secret: string): string {
  const encoded = [id, secret].map((each) => new URLSearchParams({ '': each }).toString().slice(1)).join(':');
  return `Basic ${Buffer.from(encoded).toString('base64')}`;
}

/** What the user info says; it counts only for whom the id token names: OpenID Connect Core, section 5.3.4. Throws SOURCE_TOKEN_INVALID, SOURCE_UNREACHABLE. */
export async function readUserInfo(
  read: ReadDocument,
  { userInfoEndpoint }: Metadata,
  { accessToken, sub }: { readonly accessToken: string | undefined; readonly sub: unknown },
): Promise<Document> {
  if (userInfoEndpoint === undefined || accessToken === undefined) return {};
  const { status, document } = await read(userInfoEndpoint, { headers: { authorization: `Bearer ${accessToken}` } });
  if (status !== 200) throw sourceSignInErrors.SOURCE_UNREACHABLE();
  if (document.sub !== sub || JSON.stringify(document).includes('\\u0000'))
    throw sourceSignInErrors.SOURCE_TOKEN_INVALID();
  return document;
}
