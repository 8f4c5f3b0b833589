/** What a token would say about the caller, shown to whoever sets up a provider. Nothing is issued and nothing is stored. */

import type { Database } from '@postern/database';
import { common } from '@postern/errors';
import type { Clients } from '../clients/index.ts';
import { type ClaimsEvaluator, type Clock, type People, subjectOf } from '../oauth2/index.ts';
import { issuerOf, type PreviewClaims } from '../providers/index.ts';

export type PreviewDeps = {
  readonly db: Database;
  readonly clients: Clients;
  readonly claims: ClaimsEvaluator;
  readonly people: People;
  readonly clock: Clock;
};

/** Creates the preview. */
export function createPreview({ db, clients, claims, people, clock }: PreviewDeps): PreviewClaims {
  return async (provider, call) => {
    const { tenant, principal, client: origin } = call.context;
    const client = await db.read({ tenant }, (em) => clients.find(em, provider));
    if (!client) throw common.NOT_FOUND();
    if (principal.kind !== 'user') throw common.PERMISSION_DENIED();
    const person = await people.find(tenant, principal.user.pk, call);
    if (!person) throw common.NOT_FOUND();
    const attributes = () => people.attributes(tenant, person.pk, call);
    const scopes = client.scopes.map(({ scopeName }) => scopeName);
    const evaluated = await claims(client, scopes, { person, attributes }, call);
    const issued = Math.floor(clock.now().getTime() / 1000);
    return {
      iss: issuerOf(origin, client.application?.slug ?? '', client.issuerMode),
      sub: subjectOf(client, person),
      aud: client.clientId,
      exp: issued + client.accessTokenValidity,
      iat: issued,
      auth_time: issued,
      acr: 'goauthentik.io/providers/oauth2/default',
      ...(client.includeClaimsInIdToken ? evaluated.claims : {}),
    };
  };
}
