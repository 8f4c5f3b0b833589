import { defineEvent, type Fact, fact } from '@postern/messaging';
import { type directory, providers } from '@postern/proto';
import { recordedFact } from '@postern/resource';
import type { OAuth2Client } from '../clients/index.ts';
import type { FailedProgram } from './claims/index.ts';
import type { Grant } from './tokens/stored-token.ts';

const APPLICATION_AUTHORIZED = defineEvent('providers.v1.application.authorized', providers.ApplicationAuthorized);
const ISSUED = 'postern.providers.v1.TokenIssued';
const TOKEN_ISSUED = defineEvent('providers.v1.oauth2_token.issued', providers.TokenIssued, ISSUED);
const TOKEN_REFRESHED = defineEvent('providers.v1.oauth2_token.refreshed', providers.TokenIssued, ISSUED);
const REUSED = 'postern.providers.v1.TokenReused';
const CODE_REUSED = defineEvent('providers.v1.oauth2_code.reused', providers.TokenReused, REUSED);
const REFRESH_REUSED = defineEvent('providers.v1.oauth2_refresh_token.reused', providers.TokenReused, REUSED);
const MISCONFIGURED = defineEvent(
  'providers.v1.oauth2_client.misconfigured',
  providers.ClientMisconfigured,
  'postern.providers.v1.ClientMisconfigured',
);

/** Somebody let an application know who they are. */
export function applicationAuthorized(
  client: OAuth2Client,
  user: directory.UserFacts,
  scopes: readonly string[],
): Fact {
  const payload = { client: clientFacts(client), user, flow: client.authorizationFlow, scopes: [...scopes] };
  return fact(APPLICATION_AUTHORIZED, payload);
}

/** A client got tokens. */
export function tokenIssued(
  client: OAuth2Client,
  { pk, user }: Pick<Grant, 'pk' | 'user'>,
  how: { grantType: string; scopes: readonly string[]; isRefresh: boolean },
): Fact {
  const { grantType, scopes, isRefresh } = how;
  const payload = { client: clientFacts(client), user, grant_type: grantType, scopes: [...scopes], grant: pk };
  return fact(isRefresh ? TOKEN_REFRESHED : TOKEN_ISSUED, payload);
}

/** What to tell of something that works once and came back, given the person whom it stood for. */
export type Reuse = (person: directory.User | undefined) => Fact;

/** A code was presented a second time. */
export function codeReused(client: OAuth2Client, grant: Grant): Reuse {
  return (person) => reused(CODE_REUSED, 'An authorization code was used again', client, grant, person);
}

/** The code of a device was presented after it had given tokens. */
export function deviceCodeReused(client: OAuth2Client, grant: Grant): Reuse {
  return (person) => reused(CODE_REUSED, 'A device code was used again', client, grant, person);
}

/** A refresh token was presented a second time. */
export function refreshTokenReused(client: OAuth2Client, grant: Grant): Reuse {
  return (person) => reused(REFRESH_REUSED, 'Revoked refresh token was used', client, grant, person);
}

/** A code was to be redeemed for another address than it was issued for. */
export function redirectUriMismatched(client: OAuth2Client, redirectUri: string): Fact {
  return fact(MISCONFIGURED, {
    client: clientFacts(client),
    message: 'Invalid redirect URI used by provider',
    redirect_uri: redirectUri,
    expected: client.redirectUris.map(({ value }) => value),
    property_mapping: '',
    property_mapping_name: '',
  });
}

/** A client cannot get what it asks for, because of how it is set up. */
export function clientMisconfigured(client: OAuth2Client, message: string): Fact {
  const rest = { redirect_uri: '', expected: [], property_mapping: '', property_mapping_name: '' };
  return fact(MISCONFIGURED, { client: clientFacts(client), message, ...rest });
}

/** A program showed who it is, in the contract's words. Nothing that it showed is among the arguments. */
export function programSignedIn(
  { application }: OAuth2Client,
  { pk, uuid, username, name, email }: directory.User,
  method: { auth_method: 'token' | 'jwt'; auth_method_args: Readonly<Record<string, unknown>> },
): Fact {
  const [app, model_name] = ['authentik_core', 'application'];
  const shown = application && { app, model_name, name: application.name, pk: application.pk.replaceAll('-', '') };
  const context = { ...method, application: shown };
  return recordedFact('providers', { action: 'login', app: TOKEN, context, user: { pk, uuid, username, name, email } });
}

/** A mapping gave no claims: what its program did wrong, and which client lacks them. */
export function mappingFailed(client: OAuth2Client, { program, error }: FailedProgram): Fact[] {
  const { pk, name, expression } = program;
  const message = `Failed to evaluate property-mapping: '${name}'`;
  const context = { message: error.traceback, expression, mapping: name };
  return [
    recordedFact('providers', { action: 'property_mapping_exception', app: EVALUATOR, context }),
    fact(MISCONFIGURED, {
      client: clientFacts(client),
      message,
      redirect_uri: '',
      expected: [],
      property_mapping: pk,
      property_mapping_name: name,
    }),
  ];
}

/** Which part of the platform redeems grants. */
const TOKEN = 'authentik.providers.oauth2.views.token';
/** Which part of the platform reports programs. */
const EVALUATOR = 'authentik.core.expression.evaluator';

function reused(
  event: typeof CODE_REUSED,
  message: string,
  client: OAuth2Client,
  { pk, user }: Grant,
  who: directory.User | undefined,
): Fact {
  return fact(event, { client: clientFacts(client), user, message, grant: pk, who });
}

function clientFacts({ pk, name, clientId, application }: OAuth2Client): providers.ClientFacts {
  return {
    provider: pk,
    provider_name: name,
    client_id: clientId,
    application: application?.pk ?? '',
    application_name: application?.name ?? '',
  };
}
