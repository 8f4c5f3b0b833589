/**
 * Rules: which events are told to whom. Each stored event is judged by a job that asks the policies bound to the rules; each person and transport that
 * follows is a job of its own. Without rules an event costs one look into an index, and so does one that can meet none (`interest`).
 */

import type { Database, EntityManager } from '@postern/database';
import { type Jobs, job } from '@postern/jobs';
import type { ResourceDeps } from '@postern/resource';
import type { AppParts } from '@postern/service';
import type { Deliver, Recipients } from '../transports/index.ts';
import { deliverJob } from './deliver.job.ts';
import { createGroups, type GroupClient } from './group.client.ts';
import { changesRules, createInterest } from './interest.ts';
import { judgeEvent, judgeJob } from './judge.job.ts';
import { createPolicies } from './policy.client.ts';
import { tellingRules, tenantWithRules } from './rule.repository.ts';
import { bindRules } from './rule.rpc.ts';

export { Rule, type RuleEntity } from './rule.entity.ts';
export { ruleErrors } from './rule.errors.ts';
export { RULE_MIGRATIONS } from './rule.migrations.ts';
export { referableRules, referableRuleTargets } from './rule.resource.ts';

/** What rules need. */
export type RuleDeps = ResourceDeps & {
  readonly db: Database;
  readonly jobs: Jobs;
  readonly deliver: Deliver;
  readonly recipients: Recipients;
  readonly clock: { now(): Date };
  readonly groups: GroupClient;
  readonly policies: Parameters<typeof createPolicies>[0];
};

/** What is looked at of an event before anybody is asked about it. */
type StoredEvent = {
  readonly pk: string;
  readonly action: string;
  readonly context: Readonly<Record<string, unknown>>;
};

/** Rules: their parts, and what must hear of each event. */
export type RuleParts = AppParts & {
  /** Has an event judged, in the transaction that stores it. */
  readonly onStored: (event: StoredEvent, em: EntityManager) => Promise<void>;
};

/** Creates rules. */
export function createRules(deps: RuleDeps): RuleParts {
  const { db, jobs, deliver, recipients, clock } = deps;
  const groups = createGroups(deps.groups);
  const policies = createPolicies(deps.policies);
  const interest = createInterest({ policies, clock, rulesOf: (tenant) => db.read({ tenant }, tellingRules) });
  return {
    services: [bindRules({ ...deps, groups })],
    jobs: [judgeJob({ db, jobs, policies, groups }), deliverJob({ db, deliver, recipients, clock })],
    async onStored(event, em) {
      const tenant = await tenantWithRules(em);
      if (tenant === undefined) return;
      if (changesRules(event)) interest.forget(tenant);
      if (interest.mayMeet(tenant, event.action))
        await jobs.enqueue(em, { tenant }, job(judgeEvent, { event: event.pk }));
    },
  };
}
