/**
 * Rules: which events are told to whom. Each stored event is judged by a job that asks the policies bound to the rules; each person and transport that
 * follows is a job of its own. Without rules an event costs one look into an index.
 */

import type { Database, EntityManager } from '@postern/database';
import { type Jobs, job } from '@postern/jobs';
import type { ResourceDeps } from '@postern/resource';
import type { AppParts } from '@postern/service';
import type { Deliver, Recipients } from '../transports/index.ts';
import { deliverJob } from './deliver.job.ts';
import { createGroups, type GroupClient } from './group.client.ts';
import { judgeEvent, judgeJob } from './judge.job.ts';
import { createPolicies } from './policy.client.ts';
import { tenantWithRules } from './rule.repository.ts';
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

/** Rules: their parts, and what must hear of each event. */
export type RuleParts = AppParts & {
  /** Has an event judged, in the transaction that stores it. */
  readonly onStored: (event: { readonly pk: string }, em: EntityManager) => Promise<void>;
};

/** Creates rules. */
export function createRules(deps: RuleDeps): RuleParts {
  const { db, jobs, deliver, recipients, clock } = deps;
  const groups = createGroups(deps.groups);
  const policies = createPolicies(deps.policies);
  return {
    services: [bindRules({ ...deps, groups })],
    jobs: [judgeJob({ db, jobs, policies, groups }), deliverJob({ db, deliver, recipients, clock })],
    async onStored({ pk }, em) {
      const tenant = await tenantWithRules(em);
      if (tenant !== undefined) await jobs.enqueue(em, { tenant }, job(judgeEvent, { event: pk }));
    },
  };
}
