import type { OAuth2Client } from '../../clients/index.ts';
import { sign, signerOf } from '../signing/index.ts';

/** What a logout token is about: OpenID Connect Back-Channel Logout, section 2.4. */
export type LogoutFacts = {
  readonly issuer: string;
  /** Undefined for somebody who is gone. */
  readonly subject: string | undefined;
  readonly sid: string;
  /** Another one for each token. */
  readonly id: string;
  readonly issued: Date;
};

/** Type of a logout token: whatever takes id tokens takes none of this type. */
export const LOGOUT_TYPE = 'logout+jwt';
/** The event that it tells of. */
export const LOGOUT_EVENT = 'http://schemas.openid.net/event/backchannel-logout';
/** Seconds that it is good for: section 2.4 wants it short. */
const LIFETIME = 120;

/** Writes and signs a logout token. It has no nonce, so that it is never an id token. Throws SERVER_ERROR for a client that nothing can be signed for. */
export function signLogoutToken(
  client: Pick<OAuth2Client, 'clientId' | 'signingKey' | 'clientSecret'>,
  { issuer, subject, sid, id, issued }: LogoutFacts,
): Promise<string> {
  const iat = Math.floor(issued.getTime() / 1000);
  const claims = {
    iss: issuer,
    ...(subject === undefined ? {} : { sub: subject }),
    aud: client.clientId,
    iat,
    exp: iat + LIFETIME,
    jti: id,
    events: { [LOGOUT_EVENT]: {} },
    sid,
  };
  return sign(claims, signerOf(client), LOGOUT_TYPE);
}
