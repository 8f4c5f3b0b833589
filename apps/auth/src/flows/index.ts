/**
 * Flows as the outside sees them: the executor, the addresses that lead into flows, starting a flow for another service, and what a
 * fresh tenant starts with. The engine is `plans`, the stages are `stages`; here they meet the database, the wire and the neighbours.
 */

import type { Database, EntityManager } from '@postern/database';
import type { Outbox } from '@postern/messaging';
import type { auth, directory } from '@postern/proto';
import type { BoundService, Client, ServiceName } from '@postern/rpc';
import {
  createExecutor,
  createFlowStarter,
  createPlanRepository,
  createRoute,
  type FlowRequest,
  type SessionOpener,
} from '../plans/index.ts';
import { createPolicies, type EvaluationDeps, PolicyBindingEntity } from '../policies/index.ts';
import {
  createConsents,
  createStageKinds,
  PromptEntity,
  type StageAccounts,
  StageEntity,
  type StagePasswords,
  type StageSessions,
} from '../stages/index.ts';
import { BindingEntity } from './binding.entity.ts';
import { createBrandFlows } from './brand.client.ts';
import { createFlowReader } from './catalog.repository.ts';
import { createCompletions, type SessionFactsReader } from './completion.client.ts';
import { createDefaultPolicies, type Setup } from './default.policies.ts';
import { createUserDirectory, type DirectoryClients, isRefusal } from './directory.client.ts';
import { createExecutorRpc } from './executor.rpc.ts';
import { FlowEntity } from './flow.entity.ts';
import { createStageFacts } from './flow.events.ts';
import { createFlowUrlRpc } from './flow-url.rpc.ts';
import { seedFlows } from './seed.flows.ts';
import { createFlowSelector } from './select.flow.ts';
import { createStartRpc, type SessionReader } from './start.rpc.ts';

export { SETUP_FLOW } from './default.flows.ts';
export type { Setup } from './default.policies.ts';
export { CONSENT_GRANTED, LOGIN_FAILED, USER_WRITTEN } from './flow.events.ts';
export { FLOW_MIGRATIONS } from './flow.migrations.ts';
export { seededFlow, seedFlows } from './seed.flows.ts';

/** Entities of flows, stages and policies. */
export const FLOW_ENTITIES = [FlowEntity, BindingEntity, StageEntity, PromptEntity, PolicyBindingEntity] as const;

/** Sessions, as flows use them: opened, issued, ended, and asked who is signed in. */
export type FlowSessions = SessionOpener & StageSessions & SessionFactsReader & { readonly reader: SessionReader };

/** The neighbours that flows talk to. */
export type FlowNeighbours = DirectoryClients & {
  readonly brands: Pick<Client<directory.BrandServiceDefinition>, 'getCurrentBrand'>;
  readonly completionOf: (service: ServiceName) => Pick<Client<auth.FlowCompletionServiceDefinition>, 'complete'>;
};

/** What flows need of the rest of the login service. */
export type FlowDeps = {
  readonly database: Database;
  readonly outbox: Outbox;
  readonly clock: () => Date;
  /** Random UUIDs: they are keys of plans and tokens of pages. */
  readonly ids: () => string;
  readonly accounts: StageAccounts;
  readonly passwords: StagePasswords;
  readonly sessions: FlowSessions;
  readonly setup: Setup;
  readonly neighbours: FlowNeighbours;
  readonly isMember: EvaluationDeps['isMember'];
  readonly report: (error: unknown, request: Pick<FlowRequest, 'tenant' | 'client'>) => void;
};

/** Flows, wired. */
export type Flows = {
  readonly services: readonly BoundService[];
  readonly seed: (tenant: string, em: EntityManager) => Promise<void>;
};

/** Creates flows. */
export function createFlows(deps: FlowDeps): Flows {
  const { database, clock, ids, sessions, neighbours, report } = deps;
  const reader = createFlowReader(database);
  const evaluatorOf = createDefaultPolicies(deps.setup);
  const policies = createPolicies({ database, evaluatorOf, isMember: deps.isMember, report });
  const kinds = createStageKinds({
    accounts: deps.accounts,
    passwords: deps.passwords,
    sessions,
    directory: createUserDirectory(neighbours),
    facts: createStageFacts(deps.outbox),
    links: reader,
    prompts: reader.prompts,
    // No policy can judge an answer yet: a stage that asks for one refuses every answer.
    promptPolicies: { validate: async () => ({ passing: false, messages: [] }) },
    consents: createConsents(database),
    isRefusal,
    clock,
    ids,
  });
  const route = createRoute({ catalog: reader, kinds, policies, ids });
  const plans = createPlanRepository({ database, clock, ids });
  const completions = createCompletions({ clientOf: neighbours.completionOf, sessions });
  const select = createFlowSelector({
    reader,
    brands: createBrandFlows({ brands: neighbours.brands, reader }),
    policies,
  });
  const start = createFlowStarter({ route, plans });
  return {
    services: [
      createExecutorRpc(createExecutor({ route, plans, sessions, completions, report })),
      createFlowUrlRpc({ select, plans }),
      createStartRpc({ start, reader, select, sessions: sessions.reader, clock }),
    ],
    seed: seedFlows,
  };
}
