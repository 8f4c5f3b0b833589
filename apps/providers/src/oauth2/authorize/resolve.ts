import type { Database } from '@postern/database';
import type { providers } from '@postern/proto';
import type { Call } from '@postern/rpc';
import type { OAuth2Client } from '../../clients/index.ts';
import type { VerifyOfClient } from '../client-keys/index.ts';
import type { Once } from '../once/index.ts';
import type { Clock } from '../ports.ts';
import { type Provenance, type Refusal, refused } from './authorization.ts';
import { isPushedAddress, takePushed } from './pushed-request.repository.ts';
import { readRequestObject, useOfRequestObject } from './request.object.ts';
import { type AuthorizationRequest, requestOf } from './request.ts';

/** What finding out what a request really says needs. */
export type ResolveDeps = {
  readonly db: Database;
  readonly verify: VerifyOfClient;
  readonly once: Once;
  readonly issuerOf: (client: OAuth2Client, call: Call) => string;
  readonly clock: Clock;
};

/** A request as it counts, or what is wrong with the way it came. */
export type Resolved = {
  readonly request: AuthorizationRequest;
  readonly provenance: Provenance;
  readonly problem?: Refusal;
};

const PLAIN: Provenance = { isPushed: false, isSigned: false };

/**
 * What a request really says: itself, what was pushed before (RFC 9126, section 4), or what its client signed (RFC 9101, section 5). Of the last two,
 * parameters beside them do not count.
 */
export async function resolveRequest(
  given: providers.AuthorizeRequest,
  client: OAuth2Client,
  call: Call,
  deps: ResolveDeps,
): Promise<Resolved> {
  const plain = { request: requestOf(given), provenance: PLAIN };
  const { request, request_uri } = given;
  if (request !== '' && request_uri !== '')
    return {
      ...plain,
      problem: refused('invalid_request', 'The parameters request and request_uri exclude each other'),
    };
  if (request !== '') return { ...plain, ...(await signed(request, client, call, deps)) };
  if (request_uri === '') return plain;
  if (!isPushedAddress(request_uri))
    return { ...plain, problem: refused('request_uri_not_supported', 'The request_uri parameter is not supported') };
  const { db, clock } = deps;
  const found = await db.write(call.context, (em) => takePushed(em, request_uri, client.pk, clock.now()));
  if (found) return found;
  const problem = refused('invalid_request_uri', 'The pushed request is unknown, has expired or was used before');
  return { ...plain, problem };
}

/** Reads a request object: by the client's keys, or not at all. */
async function signed(
  text: string,
  client: OAuth2Client,
  call: Call,
  { verify, once, issuerOf, clock }: ResolveDeps,
): Promise<Partial<Resolved>> {
  const { jwks, jwksUri } = client.settings;
  if (jwks === undefined && jwksUri === '')
    return { problem: refused('request_not_supported', 'The client has no keys to sign requests with') };
  const proven = await verify(client, text);
  const rule = { client, issuer: issuerOf(client, call), now: clock.now() };
  const request = proven && readRequestObject(proven, rule);
  const use = proven && useOfRequestObject(proven, rule);
  const isFresh = request !== undefined && (use === undefined || (use && (await once(call.context.tenant, use))));
  if (!isFresh) return { problem: refused('invalid_request_object', 'The request object is invalid') };
  return { request, provenance: { isPushed: false, isSigned: true } };
}
