import type { Database } from '@postern/database';
import { defineJob, handles, type JobHandler, type JobOrder, type Jobs, job } from '@postern/jobs';
import { v5 } from 'uuid';
import { CAUSE, type NoticeEvent, type TransportEntity, transportsOf } from '../transports/index.ts';
import { deliverNotification } from './deliver.job.ts';
import type { Groups } from './group.client.ts';
import type { Policies } from './policy.client.ts';
import type { RuleEntity } from './rule.entity.ts';
import { allRules, findEvent } from './rule.repository.ts';

/** Finds out whom an event concerns. A login service that cannot be reached delays it, for a day at most. */
export const judgeEvent = defineJob<{ event: string }>({
  name: 'tasks.judge_event',
  attempts: 300,
  deadlineMs: 300_000,
});

type Deps = {
  db: Database;
  jobs: Pick<Jobs, 'enqueueAll'>;
  policies: Policies;
  groups: Pick<Groups, 'members'>;
};

/** Deliveries that are asked for in one transaction. */
const BATCH = 500;
const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;

/** Asks the policies of every rule about an event, and has those told whom the matching ones name. */
export function judgeJob({ db, jobs, policies, groups }: Deps): JobHandler {
  async function ordersOf(tenant: string, rule: RuleEntity, event: NoticeEvent, signal: AbortSignal) {
    const ways = await db.read({ tenant }, (em) => transportsOf(em, rule.transports));
    const open = isOurs(event) ? ways.filter(isQuiet) : ways;
    if (!rule.group || open.length === 0) return [];
    const most = open.every(({ sendOnce }) => sendOnce) ? 1 : undefined;
    const members = await groups.members(tenant, rule.group, most, signal);
    return open.flatMap((way) =>
      (way.sendOnce ? members.slice(0, 1) : members).map(({ pk }) => orderOf(rule, way, event, pk)),
    );
  }

  return handles(
    judgeEvent,
    async ({ event: pk }, { tenant, signal }) => {
      const { event, rules } = await db.read({ tenant }, async (em) => ({
        event: await findEvent(em, pk),
        rules: await allRules(em),
      }));
      if (!event || rules.length === 0) return { messages: [] };
      const keys = rules.map((rule) => rule.pk);
      if (await isOfPolicy(policies, tenant, event, keys, signal)) return { messages: [] };
      const met = await policies.matching(tenant, keys, event, signal);
      let count = 0;
      for (const rule of rules.filter((one) => met.has(one.pk))) {
        const orders = await ordersOf(tenant, rule, event, signal);
        for (let start = 0; start < orders.length; start += BATCH) {
          const some = orders.slice(start, start + BATCH);
          await db.write({ tenant }, (em) => jobs.enqueueAll(em, { tenant }, some));
        }
        count += orders.length;
      }
      return { messages: [`${met.size} rules, ${count} deliveries`] };
    },
    { description: 'Find out whom an event concerns' },
  );
}

/** An event about a policy that is bound to a rule would be judged by that policy, which may make the next one: it is left alone. */
async function isOfPolicy(
  policies: Policies,
  tenant: string,
  { context }: NoticeEvent,
  rules: readonly string[],
  signal: AbortSignal,
): Promise<boolean> {
  const { policy_uuid: policy } = context;
  if (typeof policy !== 'string' || !UUID.test(policy)) return false;
  const dashed = policy.replaceAll('-', '').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return policies.isBound(tenant, dashed, rules, signal);
}

/** Whether a delivery caused the event, by succeeding or by failing: telling of it the same way would go round in circles. */
function isOurs({ action, context }: NoticeEvent): boolean {
  return Object.hasOwn(context, CAUSE) || action === 'system_task_exception';
}

/** A way that makes no events itself. */
function isQuiet({ mode, webhookMapping }: TransportEntity): boolean {
  return mode === 'local' && !webhookMapping;
}

function orderOf(rule: RuleEntity, way: TransportEntity, event: NoticeEvent, user: number): JobOrder {
  const notice = v5(`${rule.pk}:${way.pk}:${user}`, event.pk);
  const args = { notice, event: event.pk, transport: way.pk, user, severity: rule.severity };
  return job(deliverNotification, args, { uniqueKey: notice });
}
