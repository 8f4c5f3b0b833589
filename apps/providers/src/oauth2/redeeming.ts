import type { Database } from '@postern/database';
import type { Egress } from '@postern/egress';
import type { Call } from '@postern/rpc';
import { type GrantType, TOKEN_EXCHANGE_GRANT } from '../client-settings/index.ts';
import type { OAuth2Client } from '../clients/index.ts';
import { endpointsOf } from '../providers/index.ts';
import type { FindLiveToken } from './access/index.ts';
import { createRemoteKeys, createVerifyOfClient, type VerifyOfClient } from './client-keys/index.ts';
import { createProvenKey, type ProvenKey } from './dpop/index.ts';
import { createOnce, type Once } from './once/index.ts';
import type { ApplicationPolicies, Clock, People } from './ports.ts';
import type { AppPasswords, ProgramAccounts } from './program-accounts.client.ts';
import { createRemembered, type News } from './remembered.facts.ts';
import type { PublishedKeys } from './signing/index.ts';
import * as token from './token/index.ts';
import { createReadPresented, createRedeemTokenExchange } from './token-exchange/index.ts';
import type { Gate, TokenLookups } from './tokens/index.ts';

/** What proving who calls, and what they may redeem, needs. */
export type RedeemingDeps = {
  readonly db: Database;
  readonly egress: Pick<Egress, 'call'>;
  readonly bus: News['bus'];
  readonly clock: Clock;
  readonly findClient: token.FindClient;
  readonly findLiveToken: FindLiveToken;
  readonly lookups: Pick<TokenLookups, 'refresh'>;
  readonly publishedKeys: PublishedKeys;
  readonly gate: Gate;
  readonly people: People;
  readonly policies: ApplicationPolicies;
  readonly appPasswords: AppPasswords;
  readonly programAccounts: ProgramAccounts;
  readonly issuerOf: (client: OAuth2Client, call: Call) => string;
};

/** Who calls, with which key, and what they may redeem. */
export type Redeeming = {
  readonly authenticate: token.ClientAuthenticator;
  readonly verifyOfClient: VerifyOfClient;
  readonly provenKey: ProvenKey;
  readonly once: Once;
  /** The grants of the token endpoint, but for those that others bring. */
  readonly grants: ReadonlyMap<GrantType, token.GrantHandler>;
};

/** Creates it. */
export function createRedeeming(deps: RedeemingDeps): Redeeming {
  const { db, egress, clock, findClient } = deps;
  const once = createOnce({ db });
  const verifyOfClient = createVerifyOfClient({ remoteKeys: createRemoteKeys({ egress, clock }) });
  const audiencesOf = namesOf(deps);
  const provesByKey = token.createProvesByKey({
    verify: verifyOfClient,
    once,
    audiencesOf,
    issuerOf: deps.issuerOf,
    clock,
  });
  return {
    authenticate: token.createClientAuthenticator({ findClient, provesByKey }),
    verifyOfClient,
    provenKey: createProvenKey({ once, clock }),
    once,
    grants: grantsOf(deps, audiencesOf),
  };
}

function grantsOf(deps: RedeemingDeps, audiencesOf: ReturnType<typeof namesOf>): Redeeming['grants'] {
  const { people, policies, appPasswords, programAccounts: accounts } = deps;
  const remembered = createRemembered<number, number>(deps, ['directory.v1.user.>', 'providers.v1.oauth2_provider.>']);
  const byProgram = token.createRedeemClientCredentials([
    token.createProofByAppPassword({ appPasswords, people }),
    token.createProofByFederatedJwt({ accounts, people, policies, audiencesOf }),
    token.createProofByOwnSecret({ accounts, remembered }),
  ]);
  const byExchange = createRedeemTokenExchange({ ...deps, readPresented: createReadPresented(deps) });
  return new Map<GrantType, token.GrantHandler>([
    ['authorization_code', token.createRedeemCode(deps)],
    ['refresh_token', token.createRedeemRefreshToken(deps)],
    ['client_credentials', byProgram],
    ['password', byProgram],
    [TOKEN_EXCHANGE_GRANT, byExchange],
  ]);
}

/** Names that assertions may be made out to: the issuer, the token endpoint, and the endpoint that is asked (RFC 9126, section 2). */
function namesOf({ issuerOf }: Pick<RedeemingDeps, 'issuerOf'>) {
  return (client: OAuth2Client, call: Call): readonly string[] => {
    const { client: origin } = call.context;
    const { token: tokenEndpoint } = endpointsOf(origin, client.application?.slug, client.issuerMode);
    return [issuerOf(client, call), tokenEndpoint, `${origin.scheme || 'https'}://${origin.host}${origin.path}`];
  };
}
