/** Flows over the real engine, database and RPC transport. Accounts, passwords and sessions stand in memory behind their ports. */

import { randomUUID } from 'node:crypto';
import { createExpressions } from '@postern/expressions';
import { createOutbox, messagingTables } from '@postern/messaging';
import { createLogger } from '@postern/observability';
import { auth, hidden } from '@postern/proto';
import { createClient, createRpcServer } from '@postern/rpc';
import { testDatabase } from '@postern/testkit';
import { ACCOUNT_MIGRATIONS, accountsIn } from '../accounts/index.ts';
import { createDeviceCodes, createDeviceStore, DEVICE_MIGRATIONS } from '../devices/index.ts';
import { createFlowTokens, FLOW_TOKEN_MIGRATIONS } from '../flow-tokens/index.ts';
import { createPlanRepository } from '../plans/index.ts';
import { createPolicies, POLICY_ENTITIES, POLICY_MIGRATIONS } from '../policies/index.ts';
import { giveDefaultFlows } from '../testing/default-flows.fixture.ts';
import { addFlow, type GivenStage } from './flow.builder.ts';
import { createBrowser, sealer } from './flow-browser.fixture.ts';
import { createDefaultPolicies, createFlows, FLOW_ENTITIES, FLOW_MIGRATIONS, flowContext } from './index.ts';
import { houseDeps, NO_NEIGHBOURS } from './neighbours.fixture.ts';
import { type Person, SETTINGS, type Session, selfCareOf, setupOf } from './people.fixture.ts';

export { asProviders, asUser, type Seen } from './flow-browser.fixture.ts';
export { aPerson, type Person } from './people.fixture.ts';

const SECRETS = ['a secret for tests, long enough to hash links with'];

/** What the tests look into. */
export type House = Awaited<ReturnType<typeof aHouse>>;

const log = createLogger({ level: 'silent' });

/** A login service with these people, in a database of its own. Call it at the top of a test file. */
export async function aHouse(people: Person[]) {
  const schema = 'auth';
  const migrations = [
    { name: 'auth/0001-messaging', up: messagingTables(schema) },
    ...FLOW_MIGRATIONS,
    ...ACCOUNT_MIGRATIONS,
    ...DEVICE_MIGRATIONS,
    ...POLICY_MIGRATIONS,
    ...FLOW_TOKEN_MIGRATIONS,
  ];
  const { db, sql } = await testDatabase({ schema, entities: [...FLOW_ENTITIES, ...POLICY_ENTITIES], migrations });
  const tenant = randomUUID();
  const sessions = new Map<string, Session>();
  const reports: unknown[] = [];
  const seen = { verified: 0, issued: 0, completed: [] as auth.CompleteRequest[] };
  const completion = { answer: async (): Promise<auth.CompleteResponse> => ({ redirect: 'https://app.example/cb' }) };
  const deps = houseDeps({ people, sessions, reports, seen, completion });
  const build = () => {
    const base = { database: db, outbox: createOutbox({ schema }), report: deps.report, secrets: SECRETS };
    const natives = createDefaultPolicies({ setup: setupOf(people), selfCare: selfCareOf(people) });
    const { userDirectory } = deps.clients;
    const expressions = createExpressions({ log });
    const policies = createPolicies({
      ...base,
      db,
      natives,
      expressions,
      settings: async () => SETTINGS,
      hasDevice: async () => false,
      passwords: { changed: async () => undefined, retire: async () => undefined },
      clock: { now: () => new Date() },
      neighbours: NO_NEIGHBOURS,
      gate: { find: async () => undefined },
      clients: { userDirectory, groupDirectory: { batchGetGroups: async () => ({ groups: [] }) } },
    });
    const deviceCodes = createDeviceCodes(['a secret']);
    const { outbox } = base;
    const flows = createFlows({
      ...deps,
      ...base,
      devices: createDeviceStore({
        database: db,
        outbox,
        codes: deviceCodes,
        clock: deps.clock,
        contextOf: flowContext,
      }),
      deviceCodes,
      policies: policies.port,
      ...policies.forPrompts,
    });
    const server = createRpcServer({ services: [...flows.services, ...policies.services], sealer, log });
    const link = { sealer, service: 'gateway' } as const;
    return {
      executor: createClient(auth.FlowExecutorServiceDefinition, server.channel(), link),
      urls: createClient(auth.FlowUrlServiceDefinition, server.channel(), link),
      bindings: createClient(auth.FlowStageBindingServiceDefinition, server.channel(), link),
      flows: createClient(auth.FlowInstanceServiceDefinition, server.channel(), link),
      stages: createClient(auth.StageServiceDefinition, server.channel(), link),
      identification: createClient(auth.IdentificationStageServiceDefinition, server.channel(), link),
      captchas: createClient(auth.CaptchaStageServiceDefinition, server.channel(), link),
      smsStages: createClient(auth.AuthenticatorSmsStageServiceDefinition, server.channel(), link),
      hidden: createClient(hidden.HiddenValueServiceDefinition, server.channel(), link),
      consent: createClient(auth.ConsentStageServiceDefinition, server.channel(), link),
      promptStages: createClient(auth.PromptStageServiceDefinition, server.channel(), link),
      prompts: createClient(auth.PromptServiceDefinition, server.channel(), link),
      starter: createClient(auth.FlowServiceDefinition, server.channel(), link),
    };
  };
  const house = { db, sql, tenant, people, sessions, reports, seen, completion, parts: build() };
  await db.write({ tenant }, giveDefaultFlows);
  const clock = () => new Date();
  const plans = createPlanRepository({ database: db, clock, ids: () => randomUUID() });
  const links = createFlowTokens({ database: db, plans, clock, secrets: SECRETS });
  await db.write({ tenant }, async (em) => {
    for (const person of people) await accountsIn(em).keep({ ...person, is_active: person.isActive });
  });
  return {
    ...house,
    plans,
    links,
    /** As if the process had been restarted: nothing but the database is left. */
    restart: () => {
      house.parts = build();
    },
    current: () => house.parts,
    browser: (key?: string) => createBrowser({ tenant, sessions, current: () => house.parts }, key),
    /** Adds a flow with these stages, in order. */
    flow: (slug: string, stages: readonly GivenStage[]) => addFlow({ sql, tenant, box: db.secrets }, slug, stages),
  };
}
