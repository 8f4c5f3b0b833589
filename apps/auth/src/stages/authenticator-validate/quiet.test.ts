import { describe, expect, it } from 'vitest';
import { aGuardedHouse } from './validate.fixture.ts';

const house = await aGuardedHouse();
const PLAIN = await house.guarded('plain');
const ASKED = 'ak-stage-authenticator-validate';

/** What the answer to the password brings, without following it, and what comes then. */
async function afterPassword(slug: string, username: string) {
  const browser = house.browser();
  await browser.get(slug);
  await browser.post(slug, { uid_field: username });
  const { status } = await browser.call('POST', slug, '', { password: 'correct horse' });
  const { challenge, location } = await browser.call('GET', slug, '');
  return { status, component: challenge.component, isSentOn: location !== undefined };
}

const ONCE = { status: 302, component: 'ak-stage-dummy', isSentOn: false };

describe('a second factor that nobody has', () => {
  it('costs the browser no request of its own', async () => {
    const alice = await house.someone();
    expect(await afterPassword(PLAIN, alice.username)).toEqual(ONCE);
    const [row] = await house.sql<{ plan: { passed: unknown[] } }>('select plan from flow_plan order by expires desc');
    expect(row?.plan.passed, 'and is remembered as passed').toHaveLength(3);
  });

  it('is asked of who has one, and is not passed over where a policy guards it', async () => {
    const bob = await house.someone();
    await house.anApp(bob);
    expect(await afterPassword(PLAIN, bob.username)).toEqual({ status: 302, component: ASKED, isSentOn: false });
    const guarded = await house.guarded('with-policy');
    await house.sql(
      `insert into policy_binding (pk, tenant_id, target, user_pk, "order")
       select gen_random_uuid(), $1, policy_target, 4711, 0 from flow_stage_binding
       where "order" = 2 and target = (select pk from flow where slug = $2)`,
      [house.tenant, guarded],
    );
    const alice = await house.someone();
    expect(await afterPassword(guarded, alice.username)).toEqual(ONCE);
    expect(await afterPassword(guarded, bob.username), 'its policy leaves it out').toEqual(ONCE);
    const denying = await house.guarded('deny-all', { not_configured_action: 'deny' });
    const denied = { status: 302, component: 'ak-stage-access-denied', isSentOn: false };
    expect(await afterPassword(denying, alice.username)).toEqual(denied);
  });
});
