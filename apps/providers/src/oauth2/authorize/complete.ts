import type { Database, EntityManager } from '@postern/database';
import { common } from '@postern/errors';
import type { auth } from '@postern/proto';
import type { Call } from '@postern/rpc';
import type { Clients, OAuth2Client } from '../../clients/index.ts';
import type { Clock } from '../ports.ts';
import type { Answer } from './answer.ts';
import type { PendingAuthorization } from './authorization.ts';
import type { Conclusion } from './conclude.ts';
import { type SignedIn, signedInOf } from './passed.ts';
import { findRequest, takeRequest } from './request.repository.ts';
import { LEEWAY_MS } from './steps/check-sign-in-age.ts';

export type CompleteDeps = {
  readonly db: Database;
  readonly clients: Clients;
  readonly conclude: Conclusion;
  readonly clock: Clock;
};

/** Goes on after the flow. */
export type CompleteAuthorization = (request: auth.CompleteRequest, call: Call) => Promise<auth.CompleteResponse>;

/** Creates what answers the client when the flow is done. A reference works once. */
export function createComplete({ db, clients, conclude, clock }: CompleteDeps): CompleteAuthorization {
  return async ({ reference, session, declined: isDeclined }, call) => {
    const { tenant } = call.context;
    const found = await db.read({ tenant }, async (em) => {
      const request = await findRequest(em, reference, clock.now());
      const client = request && (await clients.find(em, request.provider));
      return request && client && { ...request, client };
    });
    // A flow that is done always has a session that somebody is signed in to.
    const signedIn = signedInOf(session);
    if (!found || !signedIn) throw common.NOT_FOUND();
    const { details, client } = found;
    if (!isTheirs(details, signedIn)) throw common.NOT_FOUND();
    const claim = (em: EntityManager) => takeRequest(em, reference);
    const answer = await conclude({ details, client, signedIn, isDeclined, claim }, call);
    if (!answer) throw common.NOT_FOUND();
    return encode(answer, client);
  };
}

/** The flow ends in the session it began in, or in one that somebody signed in to on the way. */
function isTheirs({ session, started }: PendingAuthorization, signedIn: SignedIn): boolean {
  return signedIn.session === session || signedIn.authTime.getTime() + LEEWAY_MS >= new Date(started).getTime();
}

function encode(answer: Answer, client: OAuth2Client): auth.CompleteResponse {
  if (answer.kind === 'redirect') return { redirect: answer.url };
  return { form_post: { url: answer.url, attrs: { ...answer.fields }, title: titleOf(client) } };
}

/** What the page says that sends a form. */
export function titleOf({ application, name }: OAuth2Client): string {
  return `Redirecting to ${application?.name ?? name}...`;
}
