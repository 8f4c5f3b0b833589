import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { aHouse, aPerson, asUser } from '../flows/flows.fixture.ts';
import type { JsonObject } from '../plans/index.ts';
import { merged } from '../stages/invitation/respond.ts';

const admin = { ...aPerson('admin'), pk: 1 };
const house = await aHouse([admin]);
const boss = () => asUser(house.tenant, true);
const api = () => house.current().invitations;

const field = randomUUID();
await house.sql(
  `insert into prompt (pk, tenant_id, name, field_key, label, type) values ($1, $2, 'nick', 'username', 'Name', 'text')`,
  [field, house.tenant],
);
const prompt = { kind: 'prompt', settings: { fields: [field] } };
const write = { kind: 'user_write', settings: { user_creation_mode: 'always_create' } };
await house.flow('enroll', [{ kind: 'invitation' }, prompt, write]);
await house.flow('open', [
  { kind: 'invitation', settings: { continue_flow_without_invitation: true } },
  { kind: 'dummy' },
]);
await house.flow('visit', [{ kind: 'invitation' }, { kind: 'dummy' }]);
await house.flow('asked', [prompt, { kind: 'invitation' }, { kind: 'dummy' }]);
const flowKey = async (slug: string) => {
  const [row] = await house.sql<{ pk: string }>('select pk from flow where slug = $1', [slug]);
  return row?.pk ?? '';
};

const DENIED = { component: 'ak-stage-access-denied', error_message: 'Invalid invite/invite not found' };

async function invite(given: JsonObject = {}) {
  const { pk } = await api().createInvitation({ invitation: { name: 'welcome', ...given } }, boss());
  return pk;
}

/** Takes an invitation through `enroll` under a name of its own. */
async function enrolls(pk: string, username = `user-${randomUUID()}`) {
  const browser = house.browser();
  await browser.get('enroll', `itoken=${pk}`);
  return (await browser.post('enroll', { username }, `itoken=${pk}`)).challenge;
}

const uses = async () => {
  const rows = await house.sql<{ envelope: Buffer }>(
    "select envelope from outbox where subject = 'auth.v1.event.recorded'",
  );
  return rows.filter(({ envelope }) => envelope.toString().includes('invitation_used')).length;
};

describe('an invitation stage', () => {
  it('denies those without an invitation, and those with one that is unknown, over, or for another flow', async () => {
    const late = await invite({ expires: '2001-01-01T00:00:00Z' });
    const elsewhere = await invite({ flow: await flowKey('open') });
    for (const token of ['', 'nothing', randomUUID(), late, elsewhere, `${elsewhere}'--`]) {
      expect((await house.browser().get('visit', `itoken=${token}`)).challenge, token).toMatchObject(DENIED);
    }
    expect((await house.browser().get('open')).challenge.component).toBe('ak-stage-dummy');
  });

  it('lets on who comes with one, dashed or not, by any of its names', async () => {
    const pk = await invite({ flow: await flowKey('visit') });
    for (const query of [`itoken=${pk}`, `token=${pk}`, `itoken=${pk.replaceAll('-', '').toUpperCase()}`]) {
      expect((await house.browser().get('visit', query)).challenge.component, query).toBe('ak-stage-dummy');
    }
    expect(await uses()).toBeGreaterThanOrEqual(3);
  });

  it('is good for one person, though many use it at once', async () => {
    const pk = await invite({ single_use: true });
    const opened = await Promise.all(Array.from({ length: 8 }, () => enrolls(pk)));
    const done = opened.filter(({ component }) => component === 'xak-flow-redirect');
    expect(done).toHaveLength(1);
    expect(opened.filter((one) => one.error_message === DENIED.error_message)).toHaveLength(7);
    await expect(api().getInvitation({ invite_uuid: pk }, boss())).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('stays good while nobody was written, and is used up at once where nobody will be', async () => {
    const pk = await invite({ single_use: true });
    await house.browser().get('enroll', `itoken=${pk}`);
    expect(await enrolls(pk, 'admin')).toMatchObject({ component: 'ak-stage-access-denied' });
    expect((await enrolls(pk)).component).toBe('xak-flow-redirect');
    const once = await invite({ single_use: true });
    const visits = await Promise.all([1, 2, 3].map(() => house.browser().get('visit', `itoken=${once}`)));
    expect(visits.map(({ challenge }) => challenge.component).filter((one) => one === 'ak-stage-dummy')).toHaveLength(
      1,
    );
  });

  it('says what is known of whoever is invited', async () => {
    const pk = await invite({ fixed_data: { name: 'Ada', attributes: { team: ['a'] } } });
    const browser = house.browser();
    await browser.get('enroll', `itoken=${pk}`);
    await browser.post('enroll', { username: 'ada' }, `itoken=${pk}`);
    expect(house.people.find(({ username }) => username === 'ada')).toMatchObject({
      name: 'Ada',
      attributes: { team: ['a'] },
    });
  });

  it('takes the token from what was entered before', async () => {
    const pk = await invite();
    const token = randomUUID();
    await house.sql(
      `insert into prompt (pk, tenant_id, name, field_key, label, type) values ($1, $2, 'token', 'token', 'Token', 'text')`,
      [token, house.tenant],
    );
    await house.flow('typed', [
      { kind: 'prompt', settings: { fields: [token] } },
      { kind: 'invitation' },
      { kind: 'dummy' },
    ]);
    const browser = house.browser();
    await browser.get('typed');
    expect((await browser.post('typed', { token: pk })).challenge.component).toBe('ak-stage-dummy');
  });

  it.each([
    [
      { a: 1, b: [1], c: { d: 1, e: 1 } },
      { b: [2], c: { e: 2 } },
      { a: 1, b: [1, 2], c: { d: 1, e: 2 } },
    ],
    [{ a: { b: 1 } }, { a: 'x' }, { a: 'x' }],
    [{}, JSON.parse('{"__proto__": {"admin": true}}'), {}],
  ])('puts what is fixed over %j', (entered, fixed, result) => {
    expect(merged(entered, fixed)).toEqual(result);
  });
});

describe('invitations as a resource', () => {
  it('are closed to those without the permission, and take objects and slugs only', async () => {
    const other = asUser(house.tenant, false);
    await expect(api().listInvitations({}, other)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
    await expect(invite({ name: 'not a slug' })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('end in half an hour by default, and name who made them and the flow they are for', async () => {
    const flow = await flowKey('open');
    const pk = await invite({ name: 'pinned', flow });
    const made = await api().getInvitation({ invite_uuid: pk }, boss());
    expect(made).toMatchObject({
      name: 'pinned',
      fixed_data: {},
      single_use: false,
      created_by: { pk: 1, username: 'admin' },
      flow_obj: { slug: 'open' },
    });
    const left = new Date(made.expires ?? 0).getTime() - Date.now();
    expect(Math.round(left / 60_000)).toBe(30);
    const change = { invite_uuid: pk, invitation: { single_use: true }, update_mask: ['single_use'] };
    const changed = await api().updateInvitation(change, boss());
    expect([changed.single_use, changed.created_by?.pk, changed.expires]).toEqual([true, 1, made.expires]);
    const found = await api().listInvitations(
      { flow_slug: 'open', created_by_username: 'admin', name: 'pinned' },
      boss(),
    );
    expect(found.results.map((one) => one.pk)).toEqual([pk]);
    await house.sql("delete from flow where slug = 'open'");
    expect((await api().getInvitation({ invite_uuid: pk }, boss())).flow_obj).toBeUndefined();
  });
});
