/**
 * Rules: which events are told to whom. A stored event waits in `unjudged_event` until a job, one for many events of a tenant, has asked the policies
 * bound to the rules; each person and transport that follows is a job of its own. Without rules an event costs one look into an index.
 */

import type { Database, EntityManager } from '@postern/database';
import type { Jobs } from '@postern/jobs';
import type { ResourceDeps } from '@postern/resource';
import type { AppParts } from '@postern/service';
import type { Deliver, Recipients } from '../transports/index.ts';
import { deliverJob } from './deliver.job.ts';
import { createGroups, type GroupClient } from './group.client.ts';
import { judgeJob } from './judge.job.ts';
import { orderToJudge } from './judge.order.ts';
import { createJudging } from './judging.ts';
import { overlookedJob } from './overlooked.job.ts';
import { createPolicies } from './policy.client.ts';
import { RULE_TABLES } from './rule.migrations.ts';
import { bindRules } from './rule.rpc.ts';
import { UNJUDGED_TABLES } from './unjudged.migrations.ts';
import { keepUnjudged } from './unjudged.repository.ts';

export { Rule, type RuleEntity } from './rule.entity.ts';
export { ruleErrors } from './rule.errors.ts';
export { referableRules, referableRuleTargets } from './rule.resource.ts';

/** Tables of rules, and of what is to be judged. */
export const RULE_MIGRATIONS = [...RULE_TABLES, ...UNJUDGED_TABLES];

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
  /** Has an event judged. Called in the transaction that stores it. */
  readonly onStored: (event: { readonly pk: string }, em: EntityManager) => Promise<void>;
};

/** Creates rules. */
export function createRules(deps: RuleDeps): RuleParts {
  const { db, jobs, deliver, recipients, clock } = deps;
  const groups = createGroups(deps.groups);
  const policies = createPolicies(deps.policies);
  return {
    services: [bindRules({ ...deps, groups })],
    jobs: [
      judgeJob({ db, jobs, judge: createJudging({ db, policies, groups }), clock }),
      overlookedJob({ db, jobs, clock }),
      deliverJob({ db, deliver, recipients, clock }),
    ],
    async onStored({ pk }, em) {
      const { tenant, isFirst } = await keepUnjudged(em, pk);
      if (isFirst) await jobs.enqueue(em, { tenant }, orderToJudge(clock.now()));
    },
  };
}
