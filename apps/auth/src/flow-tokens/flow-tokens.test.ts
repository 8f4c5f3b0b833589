import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { aHouse, aPerson } from '../flows/flows.fixture.ts';

const alice = aPerson('alice', { password: 'correct horse' });
const house = await aHouse([alice]);
const { links, tenant } = house;
await house.flow('waiting', [{ kind: 'dummy' }, { kind: 'user_login' }]);
await house.flow('other', [{ kind: 'dummy' }]);

const pending_user = { kind: 'account', pk: alice.pk, uuid: alice.uuid, username: 'alice' } as const;

/** A link to the flow `waiting`, with a plan of it about Alice. */
async function aLink(given: { expires?: number; family?: string; identifier?: string } = {}): Promise<string> {
  const { expires = 60_000, family = randomUUID(), identifier = randomUUID() } = given;
  const browser = house.browser();
  await browser.get('waiting');
  const stored = await house.plans.find(tenant, browser.session ?? '');
  if (stored === undefined) throw new Error('nothing was planned');
  const plan = { ...stored.plan, context: { pending_user, user_path: 'kept' } };
  const token = { identifier, family, user: alice.pk, plan, expires: new Date(Date.now() + expires) };
  return house.db.write({ tenant }, (tx) => links.issue(tx, token));
}

/** Whether the link put its plan into this browser. */
async function opens(key: string, slug = 'waiting', browser = house.browser()): Promise<boolean> {
  await browser.get(slug, `flow_token=${key}`);
  const stored = await house.plans.find(tenant, browser.session ?? '');
  return stored?.plan.context.is_restored !== undefined;
}

it('ignores a key that nobody knows, one that has expired and one of another flow or tenant', async () => {
  expect(await opens('nobody-knows-this')).toBe(false);
  expect(await opens('x'.repeat(10_000))).toBe(false);
  expect(await opens(await aLink({ expires: -1 }))).toBe(false);
  const key = await aLink();
  expect(await opens(key, 'other')).toBe(false);
  const asked = { key, flow: randomUUID(), session: 's' };
  expect(await links.restore(randomUUID(), asked)).toBeUndefined();
  expect(await opens(key)).toBe(true);
});

it('opens once, however many browsers open it at the same time', async () => {
  const key = await aLink();
  const browsers = Array.from({ length: 12 }, () => house.browser());
  const opened = await Promise.all(browsers.map((browser) => opens(key, 'waiting', browser)));
  expect(opened.filter(Boolean)).toHaveLength(1);
  expect(await opens(key)).toBe(false);
});

it('ends all links of a family with the first that is used, without a deadlock', async () => {
  const family = randomUUID();
  const keys = await Promise.all(Array.from({ length: 6 }, () => aLink({ family })));
  const opened = await Promise.all([...keys, ...keys.toReversed()].map((key) => opens(key)));
  expect(opened.filter(Boolean)).toHaveLength(1);
});

it('ends the link of a name with the next one of that name', async () => {
  const identifier = 'uid-password-reset';
  const first = await aLink({ identifier });
  const second = await aLink({ identifier });
  expect([await opens(first), await opens(second)]).toEqual([false, true]);
});

it('moves the plan into another browser with its context, shows its challenge first, and signs in whom it is about', async () => {
  const key = await aLink();
  const browser = house.browser();
  const early = await browser.post('waiting', { component: 'ak-stage-dummy' }, `flow_token=${key}`);
  expect(early.challenge.component).toBe('ak-stage-dummy');
  const stored = await house.plans.find(tenant, browser.session ?? '');
  expect(stored?.plan.context).toMatchObject({ user_path: 'kept', is_restored: { user: alice.pk } });
  const done = await browser.post('waiting', { component: 'ak-stage-dummy' }, `flow_token=${key}`);
  expect(done.challenge).toMatchObject({ component: 'xak-flow-redirect', to: '/' });
  expect(house.sessions.get(browser.session ?? '')?.user?.username).toBe('alice');
});

it('leaves the key nowhere: not in its table, not in the plan, not in the outbox', async () => {
  const key = await aLink();
  const unused = await aLink();
  await opens(key);
  for (const table of ['flow_token', 'flow_plan', 'outbox']) {
    const rows = await house.sql<{ row: string }>(`select t::text as row from ${table} as t`);
    const text = rows.map(({ row }) => row).join('');
    expect([text.includes(key), text.includes(unused)], table).toEqual([false, false]);
  }
});

it('goes with its flow', async () => {
  await aLink();
  await house.sql("delete from flow where slug = 'waiting'");
  expect(await house.sql('select 1 from flow_token')).toEqual([]);
});
