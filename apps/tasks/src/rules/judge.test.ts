import { beforeEach, describe, expect, it } from 'vitest';
import { aGroup, servedTelling } from '../testing/served-telling.fixture.ts';

const JUDGE = 'tasks.judge_events';
const served = await servedTelling();
const { rules, transports, notifications, around, as, work, record } = served;

let tenant: string;
beforeEach(() => {
  tenant = served.tenant();
  around.isAuthThere = true;
  around.mostCases = 1_000;
});

/** A rule for some people, with a local transport unless others are named. */
async function aRule({ members = 2, always = true, send_once = false, ways = ['local'] } = {}) {
  const people = Array.from({ length: members }, () => served.user());
  const group = aGroup(
    around,
    people.map(({ pk }) => pk),
  );
  const made = await Promise.all(
    ways.map((mode, index) =>
      transports.createNotificationTransport(
        { notification_transport: { name: `way ${index}`, mode, send_once, webhook_url: 'http://127.0.0.1:1/' } },
        as(tenant),
      ),
    ),
  );
  const rule = await rules.createNotificationRule(
    { notification_rule: { name: 'rule', severity: 'alert', group, transports: made.map(({ pk }) => pk) } },
    as(tenant),
  );
  if (always) around.policies.set(rule.pk, () => true);
  return { rule, group, people };
}

/** Events that wait to be judged, as others see them. */
const unjudged = async () => {
  const rows = await served.sql<{ count: number }>(
    'select count(*)::int as count from unjudged_event where tenant_id = $1',
    [tenant],
  );
  return rows[0]?.count;
};

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5));
}

const told = async (pk: number) =>
  (await notifications.listNotifications({ user: pk }, as(tenant))).results.map(({ body, severity }) => [
    severity,
    body,
  ]);

describe('an event is told to nobody', () => {
  it('where there is no rule: it costs no job', async () => {
    await record(tenant);
    expect(await work(tenant)).toEqual([]);
  });

  it('where nothing is bound to the rule', async () => {
    const { people } = await aRule({ always: false });
    await record(tenant);
    await work(tenant);
    expect(await told(people[0]?.pk ?? 0)).toEqual([]);
  });

  it('where the policies do not let it pass', async () => {
    const { rule, people } = await aRule();
    around.policies.set(rule.pk, ({ action }) => action === 'configuration_error');
    await record(tenant, { action: 'login' });
    await work(tenant);
    expect(await told(people[0]?.pk ?? 0)).toEqual([]);
  });

  it('where it is about a policy that is bound to a rule', async () => {
    const { people } = await aRule();
    const policy = '0197c0de-0000-7000-8000-00000000abcd';
    around.bound.add(policy);
    await record(tenant, { action: 'policy_exception', context: { policy_uuid: policy.replaceAll('-', '') } });
    await work(tenant);
    expect(await told(people[0]?.pk ?? 0)).toEqual([]);
    await record(tenant, { context: { policy_uuid: policy.replace('abcd', '0000') } });
    await work(tenant);
    expect(await told(people[0]?.pk ?? 0)).toHaveLength(1);
  });

  it('where the rule has no group or no transport', async () => {
    const { rule } = await aRule({ ways: [] });
    await record(tenant);
    await rules.updateNotificationRule(
      { pbm_uuid: rule.pk, notification_rule: { group: undefined }, update_mask: ['group'] },
      as(tenant),
    );
    await record(tenant);
    expect(await work(tenant)).toEqual([]);
  });

  it('of another tenant', async () => {
    const { people } = await aRule();
    await record(served.tenant());
    await work(tenant);
    expect(await told(people[0]?.pk ?? 0)).toEqual([]);
  });
});

it('waits for a login service that is not there, and loses nothing', async () => {
  const { people } = await aRule({ members: 1 });
  around.isAuthThere = false;
  await record(tenant);
  expect(await work(tenant)).toMatchObject([{ name: JUDGE, isFinal: false }]);
  around.isAuthThere = true;
  await served.run(tenant, JUDGE, {});
  await work(tenant);
  expect(await told(people[0]?.pk ?? 0)).toHaveLength(1);
});

it('tells every direct member who may sign in, once each, however many judge at once', async () => {
  const { people, group } = await aRule();
  const gone = served.user({ is_active: false });
  around.groups.get(group)?.push(gone.pk);
  await record(tenant, { context: { message: 'The door is open.' } });
  await Promise.all([served.run(tenant, JUDGE, {}), work(tenant)]);
  const deliveries = (await work(tenant)).filter(({ name }) => name === 'tasks.deliver_notification');
  expect(deliveries.length).toBeLessThanOrEqual(2);
  for (const { pk } of people) expect(await told(pk)).toEqual([['alert', 'The door is open.']]);
  expect(await told(gone.pk)).toEqual([]);
  expect(around.asked.at(-1)).toBe(10);
});

describe('many events', () => {
  it('are judged by one job, in their order, as many at a time as the login service manages', async () => {
    const { people } = await aRule({ members: 1 });
    around.mostCases = 3;
    for (let at = 0; at < 7; at += 1) await record(tenant, { context: { message: `event ${at}` } });
    const outcomes = await work(tenant);
    expect(outcomes.filter(({ name }) => name === JUDGE)).toMatchObject([{ messages: ['7 events, 7 deliveries'] }]);
    const bodies = (await told(people[0]?.pk ?? 0)).map(([, body]) => body);
    expect(bodies.toSorted()).toEqual(Array.from({ length: 7 }, (_, at) => `event ${at}`));
  });

  it('are all judged where one is still being stored while the others are', async () => {
    const { people } = await aRule({ members: 1 });
    await record(tenant);
    const judging = await served.db.write({ tenant }, async (em) => {
      await served.store(em, { context: { message: 'late' } });
      const begun = served.run(tenant, JUDGE, {});
      await until(async () => (await unjudged()) === 0);
      return { begun };
    });
    expect(await judging.begun).toMatchObject({ messages: ['2 events, 2 deliveries'] });
    await work(tenant);
    expect(await told(people[0]?.pk ?? 0)).toHaveLength(2);
  });

  it('are not kept by one that cannot be judged: it is tried again later', async () => {
    const { rule, people } = await aRule({ members: 1 });
    around.policies.set(rule.pk, ({ action }) => {
      if (action === 'logout') throw new Error('this one breaks the engine');
      return true;
    });
    await record(tenant, { action: 'logout' });
    for (let at = 0; at < 3; at += 1) await record(tenant);
    const outcomes = await work(tenant);
    expect(outcomes.filter(({ name }) => name === 'tasks.deliver_notification')).toHaveLength(3);
    expect(await told(people[0]?.pk ?? 0)).toHaveLength(3);
    expect(await unjudged()).toBe(1);
  });

  it('are found where nobody looks for them any more', async () => {
    const { people } = await aRule({ members: 1 });
    await served.db.write({ tenant }, (em) => served.store(em));
    await served.forget(tenant);
    await served.sql("update unjudged_event set since = since - interval '1 hour' where tenant_id = $1", [tenant]);
    await served.run('', 'tasks.find_overlooked_events', {});
    await work(tenant);
    expect(await told(people[0]?.pk ?? 0)).toHaveLength(1);
  });
});

it('tells the first member alone by a transport that sends once', async () => {
  const { people } = await aRule({ members: 3, send_once: true });
  await record(tenant);
  await work(tenant);
  const counts = await Promise.all(people.map(async ({ pk }) => (await told(pk)).length));
  expect(counts).toEqual([1, 0, 0]);
});

it('asks about nobody where an event names somebody who cannot be', async () => {
  await aRule({ members: 1 });
  for (const pk of [99_999_999_999, 4.5, -1, '7', {}]) await record(tenant, { user: { pk } });
  await work(tenant);
  expect(around.asked.slice(-5)).toEqual(Array(5).fill(undefined));
  expect(await unjudged()).toBe(0);
});

it('shows what belongs to an event that has no message', async () => {
  const { people } = await aRule({ members: 1 });
  await record(tenant, { action: 'login', context: { a: 1 } });
  await work(tenant);
  expect(await told(people[0]?.pk ?? 0)).toEqual([['alert', 'login: {"a":1}']]);
});

it('tells of what a delivery caused here alone: a mail about a mail would never end', async () => {
  const { people } = await aRule({ members: 1, ways: ['local', 'webhook', 'email'] });
  await record(tenant, { action: 'email_sent', context: { notification_transport: { pk: 'x' } } });
  await record(tenant, { action: 'system_task_exception' });
  const names = (await work(tenant)).map(({ name }) => name);
  expect(names.filter((name) => name === 'tasks.deliver_notification')).toHaveLength(2);
  expect(await told(people[0]?.pk ?? 0)).toHaveLength(2);
});

it('lets go of the group and the transports of a rule when they are deleted', async () => {
  const { rule, group } = await aRule();
  const [way] = rule.transports;
  await transports.deleteNotificationTransport({ uuid: way ?? '' }, as(tenant));
  expect((await rules.getNotificationRule({ pbm_uuid: rule.pk }, as(tenant))).transports).toEqual([]);
  const listed = async (name: string) =>
    (await rules.listNotificationRules({ group_name: name }, as(tenant))).results.map(({ pk }) => pk);
  expect([await listed(`group ${group}`), await listed('nobody')]).toEqual([[rule.pk], []]);
  expect((await rules.getNotificationRule({ pbm_uuid: rule.pk }, as(tenant))).group_obj?.pk).toBe(group);
});

it('refuses a rule with a taken name, a group or a transport that is none', async () => {
  await aRule();
  const create = (given: object) =>
    rules.createNotificationRule({ notification_rule: { name: 'other', severity: 'notice', ...given } }, as(tenant));
  const unknown = '0197c0de-0000-7000-8000-00000000ffff';
  await expect(create({ name: 'rule' })).rejects.toMatchObject({
    violations: [{ field: 'name', description: 'Notification Rule with this name already exists.' }],
  });
  await expect(create({ group: unknown })).rejects.toMatchObject({ violations: [{ field: 'group' }] });
  await expect(create({ transports: [unknown] })).rejects.toMatchObject({ violations: [{ field: 'transports' }] });
});
