import { defineList, exact, referable } from '@postern/database';
import type { tasks } from '@postern/proto';
import type { Resource } from '@postern/resource';
import type { Groups } from './group.client.ts';
import { Rule, type RuleEntity } from './rule.entity.ts';
import { ruleErrors } from './rule.errors.ts';

const MODEL = 'authentik_events.notificationrule';
const TYPE = 'postern.tasks.v1.NotificationRule';

/** What others refer to, and what it refers to. */
export const referableRules = referable({ model: MODEL, type: TYPE, entity: Rule, title: ({ name }) => name });

/** Rules as targets of policy bindings. */
export const referableRuleTargets = referable({
  model: 'authentik_policies.policybindingmodel',
  entity: Rule,
  title: ({ name }) => name,
});

/** What the list of rules offers; the filter by the group's name asks the directory. */
export const ruleList = defineList({
  entity: Rule,
  filters: { name: exact('name'), severity: exact('severity') },
  search: ['name', 'severity'],
  ordering: { pk: 'pk', name: 'name', severity: 'severity', group: 'group' },
  defaultOrder: ['name'],
});

/** Rules as a plain resource. Policies are bound to them, so that whoever keeps bindings lets go of them when they are deleted. */
export function ruleResource(groups: Pick<Groups, 'describe'>): Resource<RuleEntity, tasks.NotificationRule> {
  return {
    model: MODEL,
    families: ['authentik_policies.policybindingmodel'],
    type: TYPE,
    subject: 'tasks.v1.notification_rule',
    entity: Rule,
    list: ruleList,
    fields: {
      name: 'name',
      severity: 'severity',
      transports: (row, transports) => Object.assign(row, { transports: [...new Set(transports)] }),
      group: 'group',
    },
    title: ({ name }) => name,
    async encode(rows, { call }) {
      const known = await groups.describe(
        rows.map(({ group }) => group).filter((group) => typeof group === 'string'),
        call,
      );
      return rows.map(({ pk, name, severity, transports, group }) => ({
        pk,
        name,
        severity,
        transports,
        group: group ?? undefined,
        group_obj: group ? known.get(group) : undefined,
      }));
    },
    constraints: { notification_rule__name: ruleErrors.RULE_NAME_TAKEN },
  };
}
