/** The wiring of the login service, on one page. */

import { createReferences, type References, referable } from '@postern/database';
import { createEgress } from '@postern/egress';
import { auth, directory, providers, referenceFields, references, tasks } from '@postern/proto';
import { bindReferences, createNeighbours, forgetDeleted } from '@postern/resource';
import type { ServiceName } from '@postern/rpc';
import type { AppParts } from '@postern/service';
import { v7 } from 'uuid';
import { followUsers } from './accounts/index.ts';
import { bindSetup, createBootstrap } from './bootstrap/index.ts';
import { createCleanUp } from './clean-up/index.ts';
import { referableConsents } from './consents/index.ts';
import { type AuthDeps, type Credentials, createCredentials } from './credentials.app.ts';
import { createDeviceServices, DEVICE_REFERABLES } from './devices/index.ts';
import { createBrandTitles, createFlows, FLOW_REFERABLES } from './flows/index.ts';
import { createHeadlessSettingsRpc, declaredSettings, HEADLESS_SETTINGS_REFERABLE } from './headless/index.ts';
import { createHeadlessApp } from './headless.app.ts';
import { createHoldingRpc } from './holdings/index.ts';
import { bindInvitations, createInvitations, INVITATION_REFERABLE } from './invitations/index.ts';
import { createAttemptRpc } from './lockout/index.ts';
import { createCredentialRpc } from './passwords/index.ts';
import { POLICY_REFERABLES } from './policies/index.ts';
import { createGuardedPolicies } from './policies.app.ts';
import { createPrincipalRpc, type PrincipalRpcDeps } from './principals/index.ts';
import { SESSION_MODEL, Session } from './sessions/index.ts';
import { TOKEN_MODEL, Token, tokenTitle } from './tokens/index.ts';

const { ReferenceServiceDefinition } = references;

/** Builds the login service. */
export function buildAuth(deps: AuthDeps): AppParts {
  const { database, messaging, client, contract, secrets, clock, config, sealer, log } = deps;
  const { outbox } = messaging;
  const ids = () => v7();
  const local = createReferences({ models: MODELS, fields: referenceFields(contract.registry) });
  const neighbours = createNeighbours({ contract, clientOf: (app) => client(ReferenceServiceDefinition, app) });

  const egress = createEgress({ allow: config.egress.allow });
  const held = createCredentials(deps, neighbours);
  const { gate, lockout, passwords, sessions, devices, deviceCodes } = held;

  const now = () => clock.now();
  const brandTitles = createBrandTitles({ brands: client(directory.BrandServiceDefinition), sealer });
  const { policies, guard } = createGuardedPolicies(deps, { held, neighbours, egress, devices, brandTitles, ids });

  const flows = createFlows({
    database,
    guarded: guard.guarded,
    outbox,
    secrets,
    clock: now,
    ids,
    devices,
    deviceCodes,
    brandTitles,
    linkHosts: config.links.hosts,
    accounts: held.accounts,
    standing: gate.find,
    rights: held.rights,
    passwords,
    attempts: lockout.attempts,
    invitations: createInvitations(database, now),
    sessions: lockout.knowing(sessions.forFlows),
    policies: policies.port,
    denials: policies.denials,
    ...policies.forPrompts,
    neighbours,
    egress,
    addresses: { twilio: config.twilio.url, duo: config.duo.url },
    clients: { ...flowClients(client), userDirectory: held.userDirectory },
    report: (error, { tenant }) => log.error({ error, tenant }, 'a flow failed'),
  });

  const defaults = declaredSettings(contract.registry);
  const headless = createHeadlessApp(deps, { held, devices, deviceCodes, flows, brandTitles, defaults });

  return {
    local,
    services: [
      ...flows.services,
      ...headless.services,
      ...createHeadlessSettingsRpc({ database, outbox, neighbours, rights: held.rights, defaults }),
      ...policies.services,
      guard.service,
      createAttemptRpc(lockout),
      ...createDeviceServices({ db: database, outbox, neighbours, rights: held.rights }),
      bindInvitations({ db: guard.guarded, outbox, neighbours, users: held.users, clock: now }),
      ...heldServices(deps, held, headless),
      createHoldingRpc({ database, outbox, ...held }),
      bindReferences({ db: database, local }),
    ],
    consumers: [followAccounts(deps, held, local), ...policies.consumers, forgetDeleted('auth', local)],
    jobs: [...flows.jobs, ...headless.jobs, createCleanUp({ database, clock, sessions, tokens: held.tokens, lockout })],
    stop: () => egress.close(),
  };
}

/** The services of what people hold. */
function heldServices(
  { database, client, secrets, clock, sealer }: AuthDeps,
  held: Credentials,
  { lacksFactor }: Pick<PrincipalRpcDeps, 'lacksFactor'>,
) {
  const { tokens, consents, sessions, hasher, passwords, resolver } = held;
  const [secret = ''] = secrets;
  return [
    ...sessions.services,
    tokens.service,
    tokens.appPasswords,
    consents,
    createCredentialRpc({ database, hasher, passwords, createAppPassword: tokens.createAppPassword }),
    createPrincipalRpc({ resolver, sealer, tenants: client(directory.TenantServiceDefinition), lacksFactor, clock }),
    bindSetup({ database, secret }),
  ];
}

/** Keeps accounts, and what hangs off them, in step with the directory. */
function followAccounts({ config }: AuthDeps, { hasher, tokens, sessions }: Credentials, local: References) {
  return followUsers({
    onCreated: createBootstrap({
      password: config.bootstrapPassword?.reveal(),
      token: config.bootstrapToken?.reveal(),
      hasher,
      issue: tokens.issue,
    }),
    onShutOut: (em, { pk }, context) => sessions.end(em, { user: pk }, 'user_deactivated', context),
    async onDeleted(em, { pk }, context) {
      await sessions.end(em, { impersonated: pk }, 'user_deactivated', context);
      await local.forget(em, 'authentik_core.user', String(pk));
    },
  });
}

function flowClients(client: AuthDeps['client']) {
  return {
    users: client(directory.UserServiceDefinition),
    brands: client(directory.BrandServiceDefinition),
    mail: client(tasks.MailServiceDefinition),
    userCodes: client(providers.UserCodeServiceDefinition),
    mappings: client(tasks.NotificationWebhookMappingServiceDefinition),
    completionOf: (service: ServiceName) => client(auth.FlowCompletionServiceDefinition, service),
  };
}

/** Objects of this service that others refer to, or that refer to others. */
const MODELS = [
  referableConsents,
  ...FLOW_REFERABLES,
  ...POLICY_REFERABLES,
  INVITATION_REFERABLE,
  ...DEVICE_REFERABLES,
  HEADLESS_SETTINGS_REFERABLE,
  referable({
    model: TOKEN_MODEL,
    entity: Token,
    type: 'postern.auth.v1.Token',
    key: 'identifier',
    title: (row) => tokenTitle(row),
  }),
  referable({
    model: SESSION_MODEL,
    entity: Session,
    type: 'postern.auth.v1.AuthenticatedSession',
    title: ({ pk }) => `Authenticated Session ${pk.slice(0, 10)}`,
  }),
];
