import { listPage } from '@postern/database';
import { tasks } from '@postern/proto';
import { type ResourceDeps, standardMethods, visibleTo } from '@postern/resource';
import { type BoundService, bind } from '@postern/rpc';
import type { Groups } from './group.client.ts';
import { Rule } from './rule.entity.ts';
import { ruleList, ruleResource } from './rule.resource.ts';

/** What the service needs. */
export type RuleRpcDeps = ResourceDeps & { readonly groups: Pick<Groups, 'describe' | 'named'> };

/** Rules over RPC. */
export function bindRules(deps: RuleRpcDeps): BoundService {
  const { db, groups } = deps;
  const resource = ruleResource(groups);
  const rules = standardMethods(deps, resource);
  return bind(tasks.NotificationRuleServiceDefinition, {
    async listNotificationRules(request, call) {
      const named = request.group_name ? await groups.named(request.group_name, call) : undefined;
      const { pagination, results } = await db.read(call.context, (em) => {
        const ofGroup = named && { group: { $in: [...named] } };
        return listPage(em, ruleList, request, { where: { ...ofGroup, ...visibleTo(call, em, Rule) } });
      });
      return {
        pagination,
        results: await db.read(call.context, async (em) => resource.encode(results, { em, call })),
      };
    },
    getNotificationRule: ({ pbm_uuid }, call) => rules.get(pbm_uuid, call),
    createNotificationRule: ({ notification_rule }, call) => rules.create(notification_rule, call),
    updateNotificationRule: ({ pbm_uuid, notification_rule, update_mask }, call) =>
      rules.update(pbm_uuid, notification_rule, update_mask, call),
    deleteNotificationRule: ({ pbm_uuid }, call) => rules.remove(pbm_uuid, call),
    listNotificationRuleUsedBy: ({ pbm_uuid }, call) => rules.usedBy(pbm_uuid, call),
  });
}
