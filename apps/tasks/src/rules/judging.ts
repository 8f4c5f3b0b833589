import type { Database } from '@postern/database';
import { type JobOrder, job } from '@postern/jobs';
import { v5 } from 'uuid';
import { CAUSE, type NoticeEvent, type TransportEntity, transportsOf } from '../transports/index.ts';
import { deliverNotification } from './deliver.order.ts';
import type { Groups } from './group.client.ts';
import type { Policies } from './policy.client.ts';
import type { RuleEntity } from './rule.entity.ts';
import { allRules } from './rule.repository.ts';
import type { Unjudged } from './unjudged.repository.ts';

/** An event that was judged, and the deliveries that follow. */
export type Judged = { readonly number: string; readonly orders: readonly JobOrder[] };

/** Judges events in their order: all of them, or the first so many; one at least. Throws what `auth` or the directory answers. */
export type Judge = (tenant: string, waiting: readonly Unjudged[], signal: AbortSignal) => Promise<Judged[]>;

export type JudgingDeps = {
  readonly db: Pick<Database, 'read'>;
  readonly policies: Policies;
  readonly groups: Pick<Groups, 'members'>;
};

/** Deliveries after which no further event is looked at: they are asked for in one transaction. */
const MOST_ORDERS = 5_000;
const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;

/** Creates what finds out whom events concern. What several of them need is asked for once. */
export function createJudging({ db, policies, groups }: JudgingDeps): Judge {
  async function ordersOf(rules: readonly LoadedRule[], event: NoticeEvent, members: Members): Promise<JobOrder[]> {
    const orders: JobOrder[] = [];
    for (const { rule, ways } of rules) {
      const open = isOurs(event) ? ways.filter(isQuiet) : ways;
      if (!rule.group || open.length === 0) continue;
      const people = await members(rule.group, open.every(({ sendOnce }) => sendOnce) ? 1 : undefined);
      for (const way of open)
        for (const { pk } of way.sendOnce ? people.slice(0, 1) : people) orders.push(orderOf(rule, way, event, pk));
    }
    return orders;
  }

  return async (tenant, waiting, signal) => {
    const rules = await db.read({ tenant }, async (em) => {
      const loaded: LoadedRule[] = [];
      for (const rule of await allRules(em)) loaded.push({ rule, ways: await transportsOf(em, rule.transports) });
      return loaded;
    });
    const keys = rules.map(({ rule }) => rule.pk);
    const isBound = remembering((policy) => policies.isBound(tenant, policy, keys, signal));
    const asked: NoticeEvent[] = [];
    for (const { event } of rules.length === 0 ? [] : waiting)
      if (event && !(await isOfPolicy(event, isBound))) asked.push(event);
    const met = asked.length === 0 ? [] : await policies.matching(tenant, keys, asked, signal);
    const members = membersOf(groups, tenant, signal);
    const judged: Judged[] = [];
    for (let at = 0, count = 0; at < waiting.length && count < MOST_ORDERS; at += 1) {
      const { number = '', event } = waiting[at] ?? {};
      const place = event ? asked.indexOf(event) : -1;
      if (place >= met.length) break;
      const matching = rules.filter(({ rule }) => met[place]?.has(rule.pk));
      const orders = event ? await ordersOf(matching, event, members) : [];
      judged.push({ number, orders });
      count += orders.length;
    }
    return judged;
  };
}

type LoadedRule = { readonly rule: RuleEntity; readonly ways: readonly TransportEntity[] };
type Members = (group: string, most: number | undefined) => Promise<readonly { readonly pk: number }[]>;

/** Members of groups, each group asked for once. */
function membersOf(groups: JudgingDeps['groups'], tenant: string, signal: AbortSignal): Members {
  const all = remembering((group) => groups.members(tenant, group, undefined, signal));
  const first = remembering((group) => groups.members(tenant, group, 1, signal));
  return (group, most) => (most === undefined ? all : first)(group);
}

function remembering<Value>(ask: (key: string) => Promise<Value>): (key: string) => Promise<Value> {
  const known = new Map<string, Promise<Value>>();
  return (key) => {
    const value = known.get(key) ?? ask(key);
    known.set(key, value);
    return value;
  };
}

/** An event about a policy that is bound to a rule would be judged by that policy, which may make the next one: it is left alone. */
async function isOfPolicy({ context }: NoticeEvent, isBound: (policy: string) => Promise<boolean>): Promise<boolean> {
  const { policy_uuid: policy } = context;
  if (typeof policy !== 'string' || !UUID.test(policy)) return false;
  return isBound(policy.replaceAll('-', '').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'));
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
