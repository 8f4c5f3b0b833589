import { randomUUID } from 'node:crypto';
import type { ReceivedHead } from '@postern/rpc';
import { beforeEach, describe, expect, it } from 'vitest';
import { aHouse, aPerson, asUser } from './flows.fixture.ts';

const alice = aPerson('alice');
const chief = aPerson('chief', { superuser: true });
const keeper = aPerson('keeper', { permissions: ['authentik_core.delete_user'] });
const silent = aPerson('silent', { email: '' });
const house = await aHouse([alice, chief, keeper, silent]);
const { tenant } = house;
const api = () => house.current().recovery;
const boss = () => asUser(tenant, true);
const desk = (more: string[] = []) => asUser(tenant, false, '', ['authentik_core.reset_user_password', ...more]);

const identification = { kind: 'identification', settings: { user_fields: ['username'] } };
await house.flow('recovery', [
  { kind: 'email', settings: { subject: 'Back in', from_address: 'desk@example.com' } },
  { kind: 'user_login' },
]);
await house.flow('closed', [identification]);
await house.sql(
  `insert into policy_binding (pk, tenant_id, target, user_pk, "order")
   select gen_random_uuid(), $1, policy_target, $2, 0 from flow where slug = 'closed'`,
  [tenant, chief.pk],
);
const [stage] = await house.sql<{ pk: string }>("select pk from stage where kind = 'email'");
const [dummy] = await house.sql<{ pk: string }>("select pk from stage where kind = 'identification'");

beforeEach(() => {
  house.brand.flows = { flow_recovery: 'recovery' };
});

/** The link for somebody, and the status that comes with it. */
async function linkFor(id: number, as = boss()) {
  const heads: ReceivedHead[] = [];
  const { link } = await api().getUserRecovery({ id }, as, { onHead: (head) => void heads.push(head) });
  return { link, status: heads[0]?.status };
}

async function mailTo(id: number, email_stage = stage?.pk ?? '', as = boss()) {
  const heads: ReceivedHead[] = [];
  await api().sendUserRecoveryEmail({ id, email_stage }, as, { onHead: (head) => void heads.push(head) });
  return heads[0]?.status;
}

describe('a recovery link', () => {
  it('is made for nobody by those without the permission, and for nobody who may do more', async () => {
    await expect(linkFor(alice.pk, asUser(tenant, false))).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
    await expect(linkFor(4711)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    for (const { pk } of [chief, keeper]) {
      await expect(linkFor(pk, desk())).rejects.toMatchObject({ reason: 'RECOVERY_EXCEEDS_RIGHTS' });
      await expect(mailTo(pk, undefined, desk())).rejects.toMatchObject({ reason: 'RECOVERY_EXCEEDS_RIGHTS' });
    }
    expect((await linkFor(keeper.pk, desk(['authentik_core.delete_user']))).link).not.toBe('');
  });

  it('is empty where the brand names no flow, or one that does not apply', async () => {
    house.brand.flows = {};
    expect(await linkFor(alice.pk)).toEqual({ link: '', status: 404 });
    house.brand.flows = { flow_recovery: 'closed' };
    expect(await linkFor(alice.pk)).toEqual({ link: '', status: 404 });
  });

  it('lets the user in, once, without another mail; the next one makes it void', async () => {
    const { link: old } = await linkFor(alice.pk, desk());
    const { link, status } = await linkFor(alice.pk, desk());
    expect([link, status]).toEqual([
      expect.stringMatching(/^https:\/\/id\.example\/if\/flow\/recovery\/\?flow_token=\w{60}$/),
      undefined,
    ]);
    const open = async (url: string) => {
      const browser = house.browser();
      const { challenge } = await browser.get('recovery', new URL(url).search.slice(1));
      return [challenge.component, house.sessions.get(browser.session ?? '')?.user?.username];
    };
    expect(await open(old)).toEqual(['ak-stage-access-denied', undefined]);
    expect(await open(link)).toEqual(['xak-flow-redirect', 'alice']);
    expect(await open(link)).toEqual(['ak-stage-access-denied', undefined]);
    const told = await house.sql<{ envelope: Buffer }>(
      "select envelope from outbox where subject = 'auth.v1.event.recorded'",
    );
    expect(told.some(({ envelope }) => envelope.toString().includes('A recovery link for alice was made.'))).toBe(true);
    expect(
      told.some(({ envelope }) => envelope.toString().includes(new URL(link).searchParams.get('flow_token') ?? 'x')),
    ).toBe(false);
  });
});

describe('a recovery mail', () => {
  it('is sent to nobody without an address, and by no stage that is unknown, of another kind, or not to be seen', async () => {
    const seen = [
      await mailTo(silent.pk),
      await mailTo(alice.pk, randomUUID()),
      await mailTo(alice.pk, 'no key'),
      await mailTo(alice.pk, dummy?.pk),
      await mailTo(alice.pk, undefined, desk()),
    ];
    expect(seen).toEqual([404, 404, 404, 404, 404]);
    expect(house.seen.mails).toEqual([]);
  });

  it('carries the link, as the stage says', async () => {
    expect(await mailTo(alice.pk, undefined, desk(['authentik_stages_email.view_emailstage']))).toBeUndefined();
    const [mail] = house.seen.mails;
    expect(mail).toMatchObject({
      subject: 'Back in',
      from: 'desk@example.com',
      to: [{ address: alice.email }],
      server: { host: 'localhost' },
      context: { url: expect.stringContaining('flow_token='), title: 'Postern & Co', user: { username: 'alice' } },
    });
  });
});
