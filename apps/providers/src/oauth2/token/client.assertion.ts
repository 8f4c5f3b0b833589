import type { Call } from '@postern/rpc';
import { isFapiClient, type JsonObject } from '../../client-settings/index.ts';
import type { OAuth2Client } from '../../clients/index.ts';
import type { VerifyOfClient } from '../client-keys/index.ts';
import type { Once } from '../once/index.ts';
import type { Clock } from '../ports.ts';

/** RFC 7523, section 2.2. */
export const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

export type ClientAssertionDeps = {
  readonly verify: VerifyOfClient;
  readonly once: Once;
  /** Names that we go by: the issuer of the client's tokens, and the addresses that assertions may be for. */
  readonly audiencesOf: (client: OAuth2Client, call: Call) => readonly string[];
  readonly issuerOf: (client: OAuth2Client, call: Call) => string;
  readonly clock: Clock;
};

/** Whether an assertion proves that this client is calling. It does so once. */
export type ProvesByKey = (client: OAuth2Client, assertion: string, call: Call) => Promise<boolean>;

const LEEWAY_MS = 30_000;
/** An assertion is made for one request: nobody needs one that lasts longer. */
const LONGEST_MS = 600_000;

/** Creates the check of `private_key_jwt`: RFC 7523, section 3; OpenID Connect Core, section 9. */
export function createProvesByKey(deps: ClientAssertionDeps): ProvesByKey {
  const { verify, once, audiencesOf, issuerOf, clock } = deps;
  /** FAPI 2.0 Security Profile, section 5.3.2.1: the issuer alone, and no list. */
  const isForUs = (aud: unknown, client: OAuth2Client, call: Call) =>
    isFapiClient(client.settings) ? aud === issuerOf(client, call) : isFor(aud, audiencesOf(client, call));
  return async (client, assertion, call) => {
    const signed = await verify(client, assertion);
    if (!signed) return false;
    const { clientId } = client;
    const { iss, sub, aud, jti } = signed.claims;
    if (iss !== clientId || sub !== clientId || !isForUs(aud, client, call)) return false;
    const expires = lifeOf(signed.claims, clock.now());
    if (!expires || typeof jti !== 'string' || jti === '' || jti.length > 512) return false;
    const use = { kind: 'client_assertion', maker: clientId, id: jti, expires } as const;
    return once(call.context.tenant, use);
  };
}

/** Every name in the audience is one of ours: an assertion that another server may use as well is none for us. */
export function isFor(aud: unknown, ours: readonly string[]): boolean {
  const names: unknown[] = Array.isArray(aud) ? aud : [aud];
  return names.length > 0 && names.every((name) => typeof name === 'string' && ours.includes(name));
}

/** Until when a token counts, with a little for clocks that differ; undefined for one that is over, not yet valid, or lasts too long. */
function lifeOf({ exp, nbf, iat }: JsonObject, now: Date): Date | undefined {
  if (typeof exp !== 'number') return undefined;
  const ends = exp * 1000;
  const at = now.getTime();
  if (!(ends > at - LEEWAY_MS && ends <= at + LONGEST_MS + LEEWAY_MS)) return undefined;
  const begins = [nbf, iat].filter((time) => time !== undefined);
  const isBegun = begins.every((time) => typeof time === 'number' && time * 1000 <= at + LEEWAY_MS);
  return isBegun ? new Date(ends + LEEWAY_MS) : undefined;
}
