/** The login service of a house of tests: built over its database, with clients of what it serves. */

import type { Database } from '@postern/database';
import { createExpressions } from '@postern/expressions';
import { createJobRunner } from '@postern/jobs';
import { createOutbox } from '@postern/messaging';
import { createLogger } from '@postern/observability';
import { auth, hidden } from '@postern/proto';
import { createClient, createRpcServer } from '@postern/rpc';
import { createDeviceCodes, createDeviceStore } from '../devices/index.ts';
import { bindInvitations, createInvitations } from '../invitations/index.ts';
import { createPolicies } from '../policies/index.ts';
import { sealer } from './flow-browser.fixture.ts';
import { createDefaultPolicies, createFlows, flowContext } from './index.ts';
import { type houseDeps, NO_NEIGHBOURS } from './neighbours.fixture.ts';
import { type Person, SETTINGS, selfCareOf, setupOf, userOf } from './people.fixture.ts';

const log = createLogger({ level: 'silent' });
const schema = 'auth';

/** What links of the tests are hashed with. */
export const SECRETS = ['a secret for tests, long enough to hash links with'];

/** What parts are built from. */
export type PartDeps = {
  readonly db: Database;
  readonly people: Person[];
  readonly deps: ReturnType<typeof houseDeps>;
};

/** Builds the service, as a process does that starts. */
export function buildParts(given: PartDeps) {
  const { flows, policies, invitations } = featuresOf(given);
  const server = createRpcServer({ services: [...flows.services, ...policies.services, invitations], sealer, log });
  const link = { sealer, service: 'gateway' } as const;
  return {
    executor: createClient(auth.FlowExecutorServiceDefinition, server.channel(), link),
    urls: createClient(auth.FlowUrlServiceDefinition, server.channel(), link),
    passkeys: createClient(auth.FlowPasskeyServiceDefinition, server.channel(), link),
    bindings: createClient(auth.FlowStageBindingServiceDefinition, server.channel(), link),
    flows: createClient(auth.FlowInstanceServiceDefinition, server.channel(), link),
    media: createClient(auth.FlowMediaServiceDefinition, server.channel(), link),
    stages: createClient(auth.StageServiceDefinition, server.channel(), link),
    identification: createClient(auth.IdentificationStageServiceDefinition, server.channel(), link),
    captchas: createClient(auth.CaptchaStageServiceDefinition, server.channel(), link),
    duoDevices: createClient(auth.DuoDeviceServiceDefinition, server.channel(), link),
    smsStages: createClient(auth.AuthenticatorSmsStageServiceDefinition, server.channel(), link),
    hidden: createClient(hidden.HiddenValueServiceDefinition, server.channel(), link),
    consent: createClient(auth.ConsentStageServiceDefinition, server.channel(), link),
    staticStages: createClient(auth.AuthenticatorStaticStageServiceDefinition, server.channel(), link),
    validateStages: createClient(auth.AuthenticatorValidateStageServiceDefinition, server.channel(), link),
    promptStages: createClient(auth.PromptStageServiceDefinition, server.channel(), link),
    prompts: createClient(auth.PromptServiceDefinition, server.channel(), link),
    emailStages: createClient(auth.EmailStageServiceDefinition, server.channel(), link),
    invitations: createClient(auth.InvitationServiceDefinition, server.channel(), link),
    invitationStages: createClient(auth.InvitationStageServiceDefinition, server.channel(), link),
    inspector: createClient(auth.FlowInspectorServiceDefinition, server.channel(), link),
    recovery: createClient(auth.UserRecoveryServiceDefinition, server.channel(), link),
    kinds: flows.kinds,
    runner: createJobRunner({ handlers: flows.jobs, log }),
    starter: createClient(auth.FlowServiceDefinition, server.channel(), link),
  };
}

function featuresOf({ db, people, deps }: PartDeps) {
  const base = { database: db, guarded: db, outbox: createOutbox({ schema }), report: deps.report, secrets: SECRETS };
  const natives = createDefaultPolicies({ setup: setupOf(people), selfCare: selfCareOf(people) });
  const { userDirectory } = deps.clients;
  const expressions = createExpressions({ log });
  const policies = createPolicies({
    geo: { locate: async () => undefined },
    ...base,
    db,
    natives,
    expressions,
    settings: async () => SETTINGS,
    hasDevice: async () => false,
    passwords: { changed: async () => undefined, retire: async () => undefined },
    leaked: { count: async () => 0 },
    brandTitle: async () => 'Postern & Co',
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
    invitations: createInvitations(db, deps.clock),
    policies: policies.port,
    denials: policies.denials,
    ...policies.forPrompts,
  });
  const users = { byPk: async () => new Map(people.map((person) => [person.pk, userOf(person)])) };
  const resource = { db, outbox, neighbours: NO_NEIGHBOURS };
  const invitations = bindInvitations({ ...resource, users, clock: deps.clock });
  return { flows, policies, invitations };
}
