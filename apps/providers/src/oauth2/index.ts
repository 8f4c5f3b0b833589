/**
 * OAuth 2 and OpenID Connect: the endpoints that clients talk to, and what is issued there.
 *
 * An authorization is checked by the table of `authorize/steps.ts`, waits as one row while the person passes a flow, and becomes a code when the
 * login service says that the flow is done. Everything issued from it hangs off one grant, so that revoking the grant ends all of it. Codes and
 * tokens are stored as hashes. One gate stands before everything that is issued, and one function issues every token.
 */

import type { Database, EntityManager } from '@postern/database';
import type { Egress } from '@postern/egress';
import type { JobHandler } from '@postern/jobs';
import type { ConsumerOptions, Outbox } from '@postern/messaging';
import { eventContext } from '@postern/resource';
import type { BoundService, Call } from '@postern/rpc';
import { DEVICE_CODE_GRANT } from '../client-settings/index.ts';
import type { Clients, OAuth2Client } from '../clients/index.ts';
import type { MappingPrograms } from '../property-mappings/index.ts';
import { issuerOf } from '../providers/index.ts';
import { createFindLiveToken, createRequireHolder, createResolveAccessToken } from './access/index.ts';
import {
  createAuthorize,
  createAuthorizeByForm,
  createComplete,
  createConclusion,
  createPush,
  createSubjectOfHint,
  PushedRequestEntity,
  RequestEntity,
} from './authorize/index.ts';
import { createClaims, type FailedProgram } from './claims/index.ts';
import {
  createDeviceGrant,
  createDevices,
  type DeviceAttempts,
  type DeviceBrands,
  DeviceCodeEntity,
} from './device/index.ts';
import { createDiscovery } from './discovery/index.ts';
import { createEndSession } from './end-session/index.ts';
import { createGitHub, createGitHubRpc, type GitHubNeighbours } from './github/index.ts';
import { createHoldingRpc } from './holdings/index.ts';
import { createIntrospection } from './introspection/index.ts';
import { createLogout, type LogoutPeople } from './logout/index.ts';
import { createTokenConsumer } from './oauth2.consumer.ts';
import { mappingFailed } from './oauth2.events.ts';
import { createOAuth2Rpc } from './oauth2.rpc.ts';
import { OnceEntity } from './once/index.ts';
import type { ApplicationPolicies, Clock, Flows, People, Random, Sessions } from './ports.ts';
import type { AppPasswords, ProgramAccounts } from './program-accounts.client.ts';
import { createRandom } from './random.pool.ts';
import { createRedeeming } from './redeeming.ts';
import { createRevocation } from './revocation/index.ts';
import { createPublishedKeys, PublishedKeyEntity } from './signing/index.ts';
import { type ChangeBus, createClientCache, createTokenExchange } from './token/index.ts';
import {
  AccessTokenEntity,
  CodeEntity,
  createGate,
  createSessionIds,
  createTokenIssuer,
  createTokenLookups,
  GrantEntity,
  RefreshTokenEntity,
} from './tokens/index.ts';
import { createUserInfo } from './userinfo/index.ts';

export { type ClaimsEvaluator, type ClaimsSubject, createClaims, nativeMapping, subjectOf } from './claims/index.ts';
export { createRemoteKeys, type RemoteKeys, verifyBy } from './client-keys/index.ts';
export { createDeviceAttempts, createDeviceBrands, deviceMigrations } from './device/index.ts';
export { createGitHubNeighbours } from './github/index.ts';
export { createLogoutPeople, logoutMigrations } from './logout/index.ts';
export { createFlows, createPeople, createSessions } from './neighbours.ts';
export { oauth2Errors } from './oauth2.errors.ts';
export { oauth2Migrations } from './oauth2.migrations.ts';
export { createOnce, type Once } from './once/index.ts';
export type {
  AccessAnswer,
  AccessQuestion,
  ApplicationPolicies,
  Clock,
  Flows,
  People,
  Random,
  Sessions,
} from './ports.ts';
export { createAppPasswords, createProgramAccounts } from './program-accounts.client.ts';
export { createRecordRpc, createRecordView, recordMigrations } from './records/index.ts';
export { EXPIRING_TOKENS, revokeGrantsToProvider } from './tokens/index.ts';

/** The tables of the protocol. */
export const oauth2Entities = [
  RequestEntity,
  PushedRequestEntity,
  GrantEntity,
  CodeEntity,
  AccessTokenEntity,
  RefreshTokenEntity,
  PublishedKeyEntity,
  OnceEntity,
  DeviceCodeEntity,
];

/** What the protocol needs of the app and of its neighbours. */
export type OAuth2Deps = {
  readonly db: Database;
  readonly outbox: Outbox;
  readonly clients: Clients;
  readonly neighbours: {
    readonly people: People;
    readonly sessions: Sessions;
    readonly flows: Flows;
    readonly attempts: DeviceAttempts;
    readonly brands: DeviceBrands;
    /** Users, for what nobody asks for. */
    readonly everybody: LogoutPeople;
    readonly github: GitHubNeighbours;
    readonly appPasswords: AppPasswords;
    readonly programAccounts: ProgramAccounts;
  };
  readonly policies: ApplicationPolicies;
  /** The way to what clients publish. */
  readonly egress: Pick<Egress, 'call'>;
  /** Runs the programs of scope mappings. */
  readonly programs: MappingPrograms;
  /** Tells of changed clients. */
  readonly bus: ChangeBus;
  readonly clock: Clock;
  /** The installation's secrets: the first one derives the ids that clients know sessions by. */
  readonly secrets: readonly string[];
  readonly random?: Random;
};

/** Creates the endpoints and what keeps them up to date. */
export function createOAuth2(deps: OAuth2Deps): {
  services: BoundService[];
  consumers: ConsumerOptions<EntityManager>[];
  jobs: JobHandler[];
} {
  const { db, clients, neighbours, clock, random = createRandom() } = deps;
  const { people, sessions, flows } = neighbours;
  const shared = { ...deps, ...neighbours, random, issuerOf: issuerOfClient };
  const gate = createGate({ people, sessions, policies: deps.policies });
  const tell = async (client: OAuth2Client, failed: readonly FailedProgram[], call: Call) => {
    const facts = failed.flatMap((each) => mappingFailed(client, each));
    await db.write({ tenant: call.context.tenant }, (em) => deps.outbox.record(em, eventContext(call), facts));
  };
  const claims = createClaims({ programs: deps.programs, tell });
  const publishedKeys = createPublishedKeys();
  const find = (tenant: string, clientId: string) => db.read({ tenant }, (em) => clients.findByClientId(em, clientId));
  const findClient = createClientCache({ ...deps, find });
  const clientOf = createClientCache<number>({
    ...deps,
    find: (tenant, provider) => db.read({ tenant }, (em) => clients.find(em, provider)),
  });
  const sessionIdOf = createSessionIds(deps.secrets);
  const lookups = createTokenLookups({ db });
  const findLiveToken = createFindLiveToken({ lookups, clock });
  const redeeming = createRedeeming({ ...shared, findClient, findLiveToken, lookups, publishedKeys, gate });
  const { authenticate, verifyOfClient: verify, once } = redeeming;
  const requireHolder = createRequireHolder(redeeming);
  const issue = createTokenIssuer({ ...shared, gate, claims, publishedKeys });
  const devices = createDevices({ ...shared, authenticate, gate });
  const conclude = createConclusion({ ...shared, gate, issue, sessionIdOf });
  const subjectOfHint = createSubjectOfHint({ ...shared, publishedKeys });
  const authorization = { ...shared, findClient, flows, gate, conclude, subjectOfHint, verify, once };
  const byDevice = createDeviceGrant({ db, sessionIdOf });
  const grants = new Map([...redeeming.grants, [DEVICE_CODE_GRANT, byDevice] as const]);
  const endSession = createEndSession({ ...shared, publishedKeys });
  const logout = createLogout({ ...shared, people: neighbours.everybody });
  const github = createGitHub({ ...shared, findLiveToken, requireHolder });
  const services = createOAuth2Rpc({
    authorize: createAuthorize(authorization),
    authorizeByForm: createAuthorizeByForm(authorization),
    push: createPush({ ...authorization, authenticate, provenKey: redeeming.provenKey }),
    complete: devices.completing(createComplete({ ...shared, conclude })),
    exchange: createTokenExchange({ ...shared, ...redeeming, findClient, grants, issue }),
    userInfo: createUserInfo({ ...shared, claims, clientOf, findClient, findLiveToken, requireHolder }),
    discovery: createDiscovery({ ...shared, publishedKeys }),
    introspect: createIntrospection({ ...shared, authenticate, findLiveToken, lookups }),
    revoke: createRevocation({ ...shared, authenticate }),
    endSession,
    resolveAccessToken: createResolveAccessToken({ findLiveToken }),
  });
  return {
    services: [
      ...services,
      ...devices.services,
      createGitHubRpc(github),
      createHoldingRpc({ db, clock, announce: logout.announce }),
    ],
    consumers: [createTokenConsumer({ clock, announce: logout.announce })],
    jobs: [logout.job],
  };
}

/** The issuer of a client's tokens, at the address that the request came to. */
function issuerOfClient({ application, issuerMode }: OAuth2Client, { context }: Call): string {
  return issuerOf(context.client, application?.slug ?? '', issuerMode);
}
