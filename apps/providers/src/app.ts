import { createReferences, type EntityManager } from '@postern/database';
import { createEgress } from '@postern/egress';
import { cleanUp } from '@postern/jobs';
import { auth, directory, referenceFields, references } from '@postern/proto';
import { bindPictures, bindReferences, createNeighbours, forgetDeleted, guardWrites } from '@postern/resource';
import { type AppParts, defineApp, type StoringDeps } from '@postern/service';
import {
  applicationPictures,
  createApplicationAccess,
  findAssignments,
  referableApplications,
} from './applications/index.ts';
import { createApplicationServices } from './applications.app.ts';
import { createClientSettingsRpc } from './client-settings/index.ts';
import { createClients } from './clients/index.ts';
import { type ProvidersConfig, providersSettings } from './config.ts';
import { createHiddenValueRpc } from './hidden-values/index.ts';
import {
  createDiscoveryJob,
  createKeyPairRpc,
  createServingPairRpc,
  createSigningKeys,
  referableKeyPairs,
  seedKeyPair,
} from './keys/index.ts';
import { createMedia, createMediaRpc, mediaErrors } from './media/index.ts';
import {
  createAppPasswords,
  createClaims,
  createDeviceAttempts,
  createDeviceBrands,
  createFlows,
  createGitHubNeighbours,
  createLogoutPeople,
  createOAuth2,
  createPeople,
  createProgramAccounts,
  createRecordRpc,
  createRecordView,
  createSessions,
  EXPIRING_TOKENS,
  nativeMapping,
  oauth2Errors,
  revokeGrantsToProvider,
} from './oauth2/index.ts';
import { createPreview } from './previews/index.ts';
import {
  createPropertyMappings,
  referablePropertyMappings,
  referableScopeMappings,
} from './property-mappings/index.ts';
import {
  createOAuth2ProviderRpc,
  createProviderRpc,
  createScimProviderRpc,
  referableOAuth2Providers,
  referableProviders,
  referableScimProviders,
} from './providers/index.ts';
import { entities, migrations } from './schema.ts';
import { createSourceSignIn, sourceSignInErrors } from './source-sign-in/index.ts';
import { createOAuthSourceRpc, referableOAuthSources, referableSources } from './sources/index.ts';
import { createTrustGuard, trustErrors } from './trust/index.ts';

/** What others may refer to, and what refers to others. */
const models = [
  referableApplications,
  referableProviders,
  referableOAuth2Providers,
  referableScimProviders,
  referablePropertyMappings,
  referableScopeMappings,
  referableSources,
  referableOAuthSources,
  referableKeyPairs,
];

/** Who trusts us and whom we trust: applications, providers, sources, mappings, keys, and the protocols behind them. */
export const providers = defineApp({
  name: 'providers',
  settings: providersSettings,
  errors: [mediaErrors, oauth2Errors, sourceSignInErrors, trustErrors],
  database: { entities, migrations },
  build,
});

function build({
  config,
  log,
  database: db,
  messaging: { outbox },
  client,
  contract,
  bus,
  clock,
  secrets,
  expressions,
}: StoringDeps<ProvidersConfig>): AppParts {
  const local = createReferences({ models, fields: referenceFields(contract.registry) });
  const clientOf = (app: Parameters<typeof client>[1]) => client(references.ReferenceServiceDefinition, app);
  const plain = { db, outbox, local, neighbours: createNeighbours({ clientOf, contract }) };
  const released = (em: EntityManager, provider: number) => revokeGrantsToProvider(em, provider, clock.now());
  const media = createMedia({ db, outbox, log, settings: config.media });
  const application = { ...plain, released, icons: media.icons };
  // What administrators change passes the guard; protocols change nothing that it looks at.
  const guarded = { ...plain, db: guardWrites(db, createTrustGuard()) };
  const family = { ...guarded, assignments: findAssignments };

  const egress = createEgress({ allow: config.egress.allow });
  const clients = createClients({ signingKeys: createSigningKeys() });
  const people = createPeople(client(directory.UserDirectoryServiceDefinition), { bus, clock });
  const sessions = createSessions(client(auth.SessionDirectoryServiceDefinition), { bus, clock });
  const flows = createFlows(client(auth.FlowServiceDefinition));
  const appPasswords = createAppPasswords(client(auth.AppPasswordServiceDefinition));
  const programAccounts = createProgramAccounts(client(directory.ServiceAccountServiceDefinition));
  const attempts = createDeviceAttempts(client(auth.AttemptServiceDefinition));
  const brands = createDeviceBrands(client(directory.BrandServiceDefinition));
  const github = createGitHubNeighbours({
    history: client(directory.UserHistoryServiceDefinition),
    brands: client(directory.BrandServiceDefinition),
  });
  const everybody = createLogoutPeople(client(directory.UserDirectoryServiceDefinition));
  const access = createApplicationAccess({ db, policies: client(auth.PolicyEvaluationServiceDefinition), bus, clock });
  const isKnown = (expression: string) => nativeMapping(expression) !== undefined;
  const mappings = createPropertyMappings({ ...guarded, expressions, client, isKnown });
  const oauth2 = createOAuth2({
    ...plain,
    programs: mappings.programs,
    clients,
    neighbours: { people, sessions, flows, attempts, brands, everybody, github, appPasswords, programAccounts },
    policies: access,
    egress,
    bus,
    clock,
    secrets,
  });
  const users = client(directory.UserDirectoryServiceDefinition);
  const recordView = createRecordView({ db, users, assignments: findAssignments });
  const preview = createPreview({ db, clients, people, clock, claims: createClaims(mappings) });

  return {
    local,
    services: [
      ...createApplicationServices({ ...application, access, contract, client }),
      createProviderRpc(family),
      createOAuth2ProviderRpc({ ...family, preview }),
      createScimProviderRpc(family),
      createClientSettingsRpc(guarded),
      ...mappings.services,
      createOAuthSourceRpc(guarded),
      createSourceSignIn({ db, egress, clock }),
      createKeyPairRpc({ ...plain, clock }),
      createServingPairRpc({ db }),
      createHiddenValueRpc({ db }),
      createMediaRpc(media),
      ...oauth2.services,
      ...createRecordRpc({ ...plain, clock, view: recordView }),
      bindReferences({ db, local }),
      bindPictures({ db, keepers: { 'authentik_core.application': applicationPictures(application) } }),
    ],
    consumers: [forgetDeleted('providers', local), ...oauth2.consumers],
    jobs: [
      cleanUp({ name: 'providers.clean_expired', db, clock, models: EXPIRING_TOKENS }),
      ...media.jobs,
      createDiscoveryJob({ db, outbox, folder: config.certDiscoveryDir }),
      ...oauth2.jobs,
    ],
    seed: (tenant: string, em: EntityManager) => seedKeyPair(tenant, em, clock),
  };
}
