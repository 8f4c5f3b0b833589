import type { Database } from '@postern/database';
import type { Outbox } from '@postern/messaging';
import type { directory } from '@postern/proto';
import { recordedFact } from '@postern/resource';
import { asService, type Client } from '@postern/rpc';
import type { FlowClient, PendingUser, PolicyMode } from '../plans/index.ts';
import { eventContextOf } from './asked.ts';
import type { DecisionTrace } from './decision.trace.ts';
import type { PolicyPerson } from './policy.person.ts';
import { type TargetTitle, titlesOf } from './policy-target.ts';

/** One decision on the way to a denial. */
export type DeniedDecision = {
  /** Key under which the policies are bound. */
  readonly target: string;
  readonly mode: PolicyMode;
  readonly passing: boolean;
  readonly trace: DecisionTrace;
};

/** Somebody was not let in. */
export type Denial = {
  readonly tenant: string;
  readonly user: PendingUser & { readonly kind: 'account' };
  readonly client: FlowClient;
  /** What they wanted, as events name objects. */
  readonly object: Omit<TargetTitle, 'target'>;
  /** What they were told. */
  readonly reason: string;
  readonly decisions: readonly DeniedDecision[];
};

/** Tells the audit log who was not let in, and which bindings decided so. */
export type Denials = { readonly record: (denial: Denial) => Promise<void> };

/** What telling needs. */
export type DenialDeps = {
  readonly database: Pick<Database, 'read' | 'write'>;
  readonly outbox: Pick<Outbox, 'record'>;
  readonly personOf: (tenant: string, pk: number) => Promise<PolicyPerson | undefined>;
  readonly clients: {
    readonly groupDirectory: Pick<Client<directory.GroupDirectoryServiceDefinition>, 'batchGetGroups'>;
  };
};

const REPORTER = 'authentik.policies.engine';

/** Creates what tells of denials. Of strangers nothing is told: there is nobody to ask why, and anybody could fill the log. */
export function createDenials({ database, outbox, personOf, clients }: DenialDeps): Denials {
  /** Names of groups, so that the answer need not be looked up. Without the directory their keys must do. */
  async function groupNames(
    tenant: string,
    decisions: readonly DeniedDecision[],
  ): Promise<ReadonlyMap<string, string>> {
    const traces = decisions.flatMap(({ trace }) => trace);
    const pks = [...new Set(traces.flatMap(({ kind, subject }) => (kind === 'group' ? [subject] : [])))];
    if (pks.length === 0) return new Map();
    const found = await clients.groupDirectory.batchGetGroups({ pks }, asService(tenant)).catch(() => ({ groups: [] }));
    return new Map(found.groups.map(({ pk, name }) => [pk, name]));
  }

  return {
    async record({ tenant, user, client, object, reason, decisions }) {
      const person = await personOf(tenant, user.pk).catch(() => undefined);
      const names = await groupNames(tenant, decisions);
      const targets = decisions.map(({ target }) => target);
      await database.write({ tenant }, async (em) => {
        const titles = await titlesOf(em, targets);
        const trace = decisions.flatMap((decision) =>
          entriesOf(decision, titles.get(decision.target) ?? object, names),
        );
        const about = { ...user, name: '', email: '', ...person };
        const fact = recordedFact('auth', {
          action: 'policy_execution',
          app: REPORTER,
          user: { pk: about.pk, uuid: about.uuid, username: about.username, name: about.name, email: about.email },
          context: { message: 'Access denied', reason, object, trace },
        });
        const asked = { tenant, user, client, target: '', mode: 'any', context: {}, query: '' } as const;
        await outbox.record(em, eventContextOf(asked), fact);
      });
    },
  };
}

/** What an event says of a decision: a line for each binding; one line where nothing was bound. */
function entriesOf(
  { mode, passing, trace }: DeniedDecision,
  guarded: Omit<TargetTitle, 'target'>,
  names: ReadonlyMap<string, string>,
) {
  const { model_name, name } = guarded;
  const where = { guards: model_name, of: name, mode, decision: passing ? 'passing' : 'denied' };
  return trace.map(({ subject, name: own, ...entry }) => ({
    ...where,
    ...entry,
    subject,
    name: own === '' ? (names.get(subject) ?? subject) : own,
  }));
}
