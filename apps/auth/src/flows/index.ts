/**
 * Flows as the outside sees them: the executor, the addresses that lead into flows, and starting a flow for another service. The engine is `plans`, the stages are `stages`; here they meet the database, the wire and the neighbours.
 */

import { type Database, type Referable, referable } from '@postern/database';
import type { Egress } from '@postern/egress';
import type { Catalogue } from '@postern/errors';
import type { JobHandler } from '@postern/jobs';
import type { Outbox } from '@postern/messaging';
import { bindPictures, MediaFileEntity, type Neighbours } from '@postern/resource';
import type { BoundService, Call } from '@postern/rpc';
import type { RightsGuard, Standing } from '../accounts/index.ts';
import type { DeviceCodes, DeviceStore } from '../devices/index.ts';
import { createFlowMails } from '../flow-mails/index.ts';
import { createFlowTokens } from '../flow-tokens/index.ts';
import {
  createExecutor,
  createFlowStarter,
  createPlanRepository,
  createRoute,
  createSilentPasser,
  type FlowRequest,
  type PolicyPort,
  planErrors,
  type SessionOpener,
} from '../plans/index.ts';
import type { Denials, MessageValues } from '../policies/index.ts';
import {
  createConsents,
  createLinkHost,
  createPhonePost,
  createStageKinds,
  createStagePasskeys,
  createStageServices,
  duoErrors,
  PromptEntity,
  type PromptPolicies,
  type PromptValues,
  type ServiceAddresses,
  type SmsPost,
  STAGE_REFERABLES,
  type StageAccounts,
  type StageAttempts,
  StageEntity,
  type StageInvitations,
  type StageMails,
  type StagePasswords,
  type StageSessions,
} from '../stages/index.ts';
import { BindingEntity } from './binding.entity.ts';
import { createBindingRpc } from './binding.rpc.ts';
import { type BrandTitles, createBrandFlows } from './brand.client.ts';
import { createFlowReader, type FlowReader } from './catalog.repository.ts';
import { createCompletions, type SessionFactsReader } from './completion.client.ts';
import { createDenialTrace } from './denial.trace.ts';
import { createUserDirectory, isRefusal } from './directory.client.ts';
import { createExecutorRpc } from './executor.rpc.ts';
import { sessionOf } from './flow.call.ts';
import type { FlowClients } from './flow.client.ts';
import { FlowEntity } from './flow.entity.ts';
import { flowErrors } from './flow.errors.ts';
import { createFlowFailures, createStageFacts, createStageProblems } from './flow.events.ts';
import { flowPictures } from './flow.pictures.ts';
import { createFlowRpc } from './flow.rpc.ts';
import { createFlowMediaRpc } from './flow-media.rpc.ts';
import { flowSetsOf } from './flow-set.rpc.ts';
import { createFlowUrlRpc } from './flow-url.rpc.ts';
import { createInspectorRpc, type SessionNames } from './inspector.rpc.ts';
import { createPasskeyRpc } from './passkey.rpc.ts';
import { recoveryErrors } from './recovery.errors.ts';
import { createRecovery } from './recovery.operations.ts';
import { createRecoveryRpc } from './recovery.rpc.ts';
import { createFlowSelector } from './select.flow.ts';
import { createSmsMappings } from './sms-mapping.client.ts';
import { createStartRpc, type SessionReader } from './start.rpc.ts';
import { createUserCodes } from './user-code.client.ts';

export { type BrandTitles, createBrandTitles } from './brand.client.ts';
export { createFlowReader, type FlowReader } from './catalog.repository.ts';
export { createDefaultPolicies, SETUP_FLOW, type SelfCare, type Setup } from './default.policies.ts';
export type { FlowClients } from './flow.client.ts';
export { FlowEntity } from './flow.entity.ts';
export { CONSENT_GRANTED, contextOf as flowContext, LOGIN_FAILED, USER_WRITTEN } from './flow.events.ts';
export { FLOW_MIGRATIONS } from './flow.migrations.ts';
export { flowsInFull } from './flow.rpc.ts';

/** Entities of flows and stages. */
export const FLOW_ENTITIES = [FlowEntity, BindingEntity, StageEntity, PromptEntity, MediaFileEntity] as const;

/** What policies can be bound to. */
const POLICY_TARGETS = ['authentik_policies.policybindingmodel'];

/** Objects of flows and stages that others refer to, and that refer to others. */
export const FLOW_REFERABLES: readonly Referable[] = [
  referable({
    model: 'authentik_flows.flow',
    families: POLICY_TARGETS,
    entity: FlowEntity,
    type: 'postern.auth.v1.Flow',
    key: 'slug',
    title: ({ name, slug }) => `Flow ${name} (${slug})`,
  }),
  referable({
    model: 'authentik_flows.flowstagebinding',
    families: POLICY_TARGETS,
    entity: BindingEntity,
    type: 'postern.auth.v1.FlowStageBinding',
    title: ({ order }) => `Flow-stage binding #${order}`,
  }),
  ...STAGE_REFERABLES,
];

/** What flows can refuse. */
export const FLOW_ERRORS: readonly Catalogue[] = [planErrors, flowErrors, recoveryErrors, duoErrors];

/** Sessions, as flows use them: opened, issued, ended, and asked who is signed in. */
export type FlowSessions = SessionOpener &
  SessionNames &
  StageSessions &
  SessionFactsReader & { readonly reader: SessionReader };

/** What flows need of the rest of the login service. */
export type FlowDeps = {
  readonly database: Database;
  /** The same data, for what administrators change. */
  readonly guarded: Database;
  readonly outbox: Outbox;
  /** The installation's secrets: links into flows are hashed with them. */
  readonly secrets: readonly string[];
  readonly clock: () => Date;
  /** Random UUIDs: they are keys of plans and tokens of pages. */
  readonly ids: () => string;
  readonly accounts: StageAccounts;
  /** A user as they stand, deactivated ones included. */
  readonly standing: (tenant: string, pk: number, call: Call) => Promise<Standing | undefined>;
  readonly rights: RightsGuard;
  readonly passwords: StagePasswords;
  readonly attempts: StageAttempts;
  readonly invitations: StageInvitations;
  readonly sessions: FlowSessions;
  readonly policies: PolicyPort;
  /** Tells the audit log whom policies and stages denied. */
  readonly denials: Denials;
  readonly promptPolicies: PromptPolicies;
  readonly promptValues: PromptValues;
  readonly messageValues: MessageValues;
  readonly clients: FlowClients;
  readonly devices: DeviceStore;
  readonly deviceCodes: DeviceCodes;
  readonly brandTitles: BrandTitles;
  /** Hosts that links in mails may lead to in the default tenant; none means any. */
  readonly linkHosts: readonly string[];
  /** Addresses of services elsewhere. */
  readonly addresses: ServiceAddresses;
  /** The guarded way out, for stages that ask services elsewhere. */
  readonly egress: Egress;
  /** Keys of other objects, asked of their owners. */
  readonly neighbours: Neighbours;
  readonly report: (error: unknown, request: Pick<FlowRequest, 'tenant' | 'client'>) => void;
};

/** Flows, wired. */
export type Flows = {
  readonly services: readonly BoundService[];
  readonly jobs: readonly JobHandler[];
  /** Names of the kinds of stages that there are. */
  readonly kinds: readonly string[];
  /** Messages to phones that no flow asks for. */
  readonly phonePost: SmsPost;
};

/** Creates flows. */
export function createFlows(deps: FlowDeps): Flows {
  const { database, outbox, clock, ids, sessions, clients, neighbours, policies, report } = deps;
  const reader = createFlowReader(database);
  const plans = createPlanRepository({ database, clock, ids });
  const { accounts, secrets } = deps;
  const links = createFlowTokens({ database, plans, clock, secrets });
  const mails = createFlowMails({ database, outbox, links, accounts, mail: clients.mail, clock, ids, secrets });
  const stageDeps = stageDepsOf(deps, reader, mails);
  const kinds = createStageKinds(stageDeps);
  const phonePost = createPhonePost({
    ...stageDeps,
    stages: (tenant) => reader.stagesOfKind(tenant, 'authenticator_sms'),
  });
  const denial = createDenialTrace({ policies, denials: deps.denials });
  const route = createRoute({ catalog: reader, kinds, policies: denial.policies, ids });
  const completions = createCompletions({ clientOf: clients.completionOf, sessions });
  const brands = createBrandFlows({ brands: clients.brands, reader });
  const select = createFlowSelector({ reader, brands, policies });
  const recovery = createRecovery({ ...deps, brands, reader, route, links });
  const failures = createFlowFailures({ database, outbox, report });
  const start = createFlowStarter({ route, plans, ids });
  const passSilently = createSilentPasser({ route });
  const resources = { db: deps.guarded, outbox, neighbours };
  return {
    services: [
      createFlowRpc(resources),
      bindPictures({ db: database, keepers: { 'authentik_flows.flow': flowPictures(resources) } }),
      createFlowMediaRpc(resources),
      createBindingRpc(resources),
      ...createStageServices({
        ...resources,
        flowSets: flowSetsOf,
        mailTemplates: clients.mail,
        devices: deps.devices,
        rights: deps.rights,
        accounts,
        plans,
        seal: database.secrets,
        egress: deps.egress,
        duo: deps.addresses.duo,
        clock,
        sessionOf,
        promptValues: deps.promptValues,
      }),
      createExecutorRpc(
        denial.traced(createExecutor({ route, plans, links, sessions, completions, ids, report: failures })),
      ),
      createFlowUrlRpc({ select, plans, reader, start }),
      createPasskeyRpc({ reader, plans, offers: createStagePasskeys({ devices: deps.devices, flows: reader, clock }) }),
      createInspectorRpc({ db: database, reader, plans, start, sessions }),
      createRecoveryRpc({ recovery, reader, brandTitles: deps.brandTitles, mail: clients.mail }),
      createStartRpc({
        start,
        passSilently,
        reader,
        select,
        sessions: { ...sessions.reader, open: sessions.open },
        clock,
      }),
    ],
    jobs: [mails.job],
    kinds: [...kinds.keys()],
    phonePost,
  };
}

/** What stages take of what flows are built from. */
function stageDepsOf(deps: FlowDeps, reader: FlowReader, mails: StageMails) {
  const { database, outbox, clock, ids, sessions, clients, secrets } = deps;
  return {
    egress: deps.egress,
    accounts: deps.accounts,
    mails,
    invitations: deps.invitations,
    passwords: deps.passwords,
    attempts: deps.attempts,
    devices: deps.devices,
    deviceCodes: deps.deviceCodes,
    userCodes: createUserCodes(clients),
    ...{ seal: database.secrets, secrets, addresses: deps.addresses },
    smsMappings: createSmsMappings({ mappings: clients.mappings, values: deps.messageValues }),
    brands: deps.brandTitles,
    linkHost: createLinkHost(deps.linkHosts),
    sessions,
    directory: createUserDirectory(clients),
    facts: createStageFacts(outbox),
    problems: createStageProblems({ database, outbox }),
    links: reader,
    flows: reader,
    prompts: reader.prompts,
    promptPolicies: deps.promptPolicies,
    promptValues: deps.promptValues,
    consents: createConsents(database),
    isRefusal,
    clock,
    ids,
  };
}
