import { common, PosternError } from '@postern/errors';
import type { providers } from '@postern/proto';
import { asService, type Call, type Client } from '@postern/rpc';
import { isJsonObject } from '../../plans/index.ts';
import type { Visit } from '../headless.visit.ts';
import type { Departure, Identity } from './social.state.ts';

/** What identity providers say, by way of the service that speaks with them. */
export type SourceClient = {
  /** Where to send a browser; undefined for a source that nobody can be sent to. */
  begin(visit: Visit, provider: string): Promise<providers.BegunSourceSignIn | undefined>;
  /** Who has come back; undefined when that proves nothing. A request asks once, however often it begins again. */
  complete(visit: Visit, departure: Departure, answer: Return): Promise<Identity | undefined>;
  /** Whose tokens these are; undefined when they prove nothing. A request asks once, however often it begins again. */
  verify(visit: Visit, tokens: Tokens): Promise<Identity | undefined>;
};

/** What a browser came back with. */
export type Return = { readonly code: string; readonly state: string; readonly iss: string };

/** What an app got by itself. */
export type Tokens = {
  readonly provider: string;
  readonly client_id: string;
  readonly id_token: string;
  readonly access_token: string;
};

/** Creates the client. */
export function createSourceClient(sources: Client<providers.SourceSignInServiceDefinition>): SourceClient {
  // A code and a token work once: whoever begins again, because the session changed meanwhile, goes on with what was said the first time.
  const answered = new WeakMap<Call, Promise<Identity | undefined>>();

  function once({ call }: Visit, ask: () => Promise<providers.SourceIdentity>): Promise<Identity | undefined> {
    const known = answered.get(call);
    if (known) return known;
    const asked = unlessRefused(ask()).then((identity) => identity && identityOf(identity));
    answered.set(call, asked);
    return asked;
  }

  return {
    begin: (visit, source) =>
      unlessRefused(sources.beginSourceSignIn({ source, redirect_uri: returnAddress(visit, source) }, origin(visit))),
    complete: (visit, { provider: source, sealed }, { code, state, iss }) =>
      once(visit, () => sources.completeSourceSignIn({ source, sealed, state, code, iss }, origin(visit))),
    verify: (visit, { provider: source, ...tokens }) =>
      once(visit, () => sources.verifySourceToken({ source, ...tokens }, origin(visit))),
  };
}

const origin = ({ tenant }: Visit) => asService(tenant);

/** Where a provider sends browsers back to: what its administrator registers there. */
function returnAddress({ client: { scheme, host } }: Visit, provider: string): string {
  return `${scheme}://${host}/accounts/oidc/${provider}/login/callback/`;
}

const REFUSALS = ['SOURCE_STATE_INVALID', 'SOURCE_REFUSED', 'SOURCE_TOKEN_INVALID'];

async function unlessRefused<Answer>(asked: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await asked;
  } catch (error) {
    const isNo = common.NOT_FOUND.is(error) || common.INVALID_ARGUMENT.is(error);
    if (isNo || (error instanceof PosternError && REFUSALS.includes(error.reason))) return undefined;
    throw error;
  }
}

function identityOf({
  source,
  uid,
  email,
  email_verified,
  username,
  name,
  claims,
}: providers.SourceIdentity): Identity {
  const said: unknown = claims;
  return { source, uid, email, email_verified, username, name, claims: isJsonObject(said) ? said : {} };
}
