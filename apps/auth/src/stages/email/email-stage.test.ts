import { beforeEach, describe, expect, it } from 'vitest';
import { aHouse, aPerson, asUser } from '../../flows/flows.fixture.ts';
import type { JsonObject } from '../../plans/index.ts';

const alice = aPerson('alice', { password: 'correct horse' });
const silent = aPerson('silent', { email: '' });
const idle = aPerson('idle', { isActive: false });
const bob = aPerson('bob');
const house = await aHouse([alice, silent, idle, bob]);
const { tenant } = house;

const identification = { kind: 'identification', settings: { user_fields: ['username'] } };
const email = (settings = {}) => ({ kind: 'email', settings: { subject: 'Your link', ...settings } });
await house.flow('recover', [
  identification,
  email({ use_global_settings: true }),
  { kind: 'dummy' },
  { kind: 'user_login' },
]);
await house.flow('confirm', [
  identification,
  email({ activate_user_on_success: true, password: 'relay' }),
  { kind: 'user_login' },
]);
await house.flow('nobody', [email()]);
await house.flow('twice', [identification, email(), email(), { kind: 'dummy' }]);

const SENT = { non_field_errors: { items: [{ string: 'email-sent', code: 'email-sent' }] } };
const AGAIN = { component: 'ak-stage-email' };

/** A browser that waits for a mail. */
async function waiting(username: string, slug = 'recover', query = '') {
  const browser = house.browser();
  await browser.get(slug, query);
  const { challenge } = await browser.post(slug, { uid_field: username }, query);
  expect(challenge.component).toBe('ak-stage-email');
  return browser;
}

/** What was written for mails. */
async function done() {
  const [row] = await house.sql<{ rows: number; jobs: number }>(
    `select (select count(*)::int from flow_mail) as rows,
       (select count(*)::int from outbox where subject like '%job.requested') as jobs`,
  );
  return row ?? { rows: 0, jobs: 0 };
}

/** The link in a mail. */
const linkOf = (mail: { context?: Readonly<Record<string, unknown>> | undefined } | undefined) =>
  new URL(String(mail?.context?.url));
const queryOf = (mail: Parameters<typeof linkOf>[0]) => linkOf(mail).search.slice(1);

beforeEach(async () => {
  await house.sql('delete from flow_mail');
  await house.sql('delete from flow_token');
});

describe('an e-mail stage', () => {
  it('denies a plan that is about nobody', async () => {
    expect((await house.browser().get('nobody')).challenge).toMatchObject({
      component: 'ak-stage-access-denied',
      error_message: 'No pending user.',
    });
  });

  it('is passed by no answer, and by no link of somebody else', async () => {
    const browser = await waiting('alice');
    const answers: JsonObject[] = [{}, AGAIN, { ...AGAIN, token: 'x' }, { component: 'ak-stage-dummy' }, { code: 1 }];
    for (const answer of answers) {
      expect((await browser.post('recover', answer)).challenge.component).toBe('ak-stage-email');
    }
    const [mail] = await house.deliver();
    await house.sql(
      `update flow_token set plan = jsonb_set(plan, '{context,pending_user,pk}', $1::jsonb) where user_pk = $2`,
      [JSON.stringify(bob.pk), alice.pk],
    );
    expect((await browser.get('recover', queryOf(mail))).challenge.component).toBe('ak-stage-access-denied');
  });

  it('answers alike, and does alike, whether somebody has that name, has an address, or not', async () => {
    const seen: string[] = [];
    for (const name of ['alice', 'silent', 'idle', 'nobody']) {
      const before = await done();
      const browser = house.browser();
      await browser.get('recover');
      const first = await browser.post('recover', { uid_field: name });
      const again = await browser.post('recover', AGAIN);
      expect(again.challenge.response_errors).toEqual(SENT);
      const after = await done();
      const work = [after.rows - before.rows, after.jobs - before.jobs];
      seen.push(JSON.stringify([first, again, work]).replaceAll(name, 'NAME'));
    }
    expect(seen[0]).toContain('[2,2]');
    expect(new Set(seen).size).toBe(1);
    const mails = await house.deliver();
    expect(mails.map(({ to }) => to[0]?.address)).toEqual(Array(2).fill(alice.email).concat(Array(2).fill(idle.email)));
  });

  it('sends once, however often the page is loaded', async () => {
    const browser = await waiting('alice');
    await Promise.all([1, 2, 3, 4].map(() => browser.call('GET', 'recover', '')));
    await browser.get('recover');
    expect(await house.deliver()).toHaveLength(1);
    expect(await house.deliver()).toEqual([]);
  });

  it('says the same and sends nothing when one recipient was written to three times in a minute', async () => {
    const browsers = await Promise.all(Array.from({ length: 8 }, () => waiting('alice')));
    for (const browser of browsers) {
      expect((await browser.post('recover', AGAIN)).challenge.response_errors).toEqual(SENT);
    }
    expect(await house.deliver()).toHaveLength(3);
    await house.sql("update flow_mail set created = created - interval '2 minutes'");
    await Promise.all(browsers.map((browser) => browser.post('recover', AGAIN)));
    expect(await house.deliver()).toHaveLength(3);
  });

  it('lets on who opens the link, in another browser, once, and not who asked for it', async () => {
    const asked = await waiting('alice', 'recover', 'next=/if/user/&flow_token=old');
    const [mail] = await house.deliver();
    expect(linkOf(mail).href).toMatch(
      /^https:\/\/id\.example\/if\/flow\/recover\/\?next=%2Fif%2Fuser%2F&flow_token=\w{60}$/,
    );
    expect(mail).toMatchObject({ subject: 'Your link', from: '', context: { user: { username: 'alice' } } });
    expect(mail?.server).toBeUndefined();
    const opened = house.browser();
    expect((await opened.get('recover', queryOf(mail))).challenge.component).toBe('ak-stage-dummy');
    expect((await asked.get('recover')).challenge.component).toBe('ak-stage-email');
    expect((await house.browser().get('recover', queryOf(mail))).challenge.component).toBe('ak-stage-identification');
    const { challenge } = await opened.post('recover', { component: 'ak-stage-dummy' }, queryOf(mail));
    expect(challenge).toMatchObject({ component: 'xak-flow-redirect', to: '/if/user/' });
    expect(house.sessions.get(opened.session ?? '')?.user?.username).toBe('alice');
  });

  it('ends the older links of a step with the first that is opened', async () => {
    const browser = await waiting('alice');
    await browser.post('recover', AGAIN);
    const [first, second] = await house.deliver();
    expect((await house.browser().get('recover', queryOf(first))).challenge.component).toBe('ak-stage-dummy');
    expect((await house.browser().get('recover', queryOf(second))).challenge.component).toBe('ak-stage-identification');
  });

  it('activates whom it is told to, and writes by a server of its own', async () => {
    await waiting('idle', 'confirm');
    const [mail] = await house.deliver();
    expect(mail).toMatchObject({
      from: 'system@authentik.local',
      server: { host: 'localhost', port: 25, password: 'relay', timeout: 10 },
    });
    const opened = house.browser();
    await opened.get('confirm', queryOf(mail));
    expect(idle.isActive).toBe(true);
    expect(house.sessions.get(opened.session ?? '')?.user?.username).toBe('idle');
  });

  it('passes only the step that the link was made for', async () => {
    await waiting('alice', 'twice');
    const [first] = await house.deliver();
    const browser = house.browser();
    expect((await browser.get('twice', queryOf(first))).challenge.component).toBe('ak-stage-email');
    const [second] = await house.deliver();
    expect((await browser.get('twice', queryOf(second))).challenge.component).toBe('ak-stage-dummy');
  });

  it('keeps neither the link nor a password readable while a mail waits', async () => {
    await waiting('alice', 'confirm');
    const rows = await house.sql<{ row: string }>('select t::text as row from flow_mail as t');
    const text = rows.map(({ row }) => row).join('');
    expect(text).toContain('v1.');
    expect(text).not.toMatch(/relay|alice|flow_token/);
    expect(await house.sql('select 1 from flow_token')).toEqual([]);
  });
});

describe('e-mail stages as a resource', () => {
  const stages = () => house.current().emailStages;
  const boss = () => asUser(tenant, true);
  const stage = { name: 'mailed', password: 'relay', host: 'mail.example', template: 'email/password_reset.html' };
  const numbers = { port: 25, timeout: 10, token_expiry: 30, from_address: 'a@example.com', subject: 'x' };

  it('are closed to those without the permission, and refuse what no mail could be sent with', async () => {
    const create = (given: object) =>
      stages().createEmailStage({ email_stage: { ...stage, ...numbers, ...given } }, boss());
    const other = asUser(tenant, false);
    await expect(stages().listEmailTemplates({}, other)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
    await expect(create({ template: '../x' })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    for (const given of [{ port: 0 }, { port: 70_000 }, { timeout: -1 }, { token_expiry: 0 }]) {
      await expect(create(given)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    }
  });

  it('never answer the password, and keep it when an update leaves it out', async () => {
    const made = await stages().createEmailStage({ email_stage: { ...stage, ...numbers } }, boss());
    expect(made).toMatchObject({
      host: 'mail.example',
      password: '',
      meta_model_name: 'authentik_stages_email.emailstage',
    });
    const change = { stage_uuid: made.pk, email_stage: { host: 'other.example' }, update_mask: ['host'] };
    await stages().updateEmailStage(change, boss());
    const sql = 'select settings::text as settings, secrets from stage where pk = $1';
    const [row] = await house.sql<{ settings: string; secrets: string }>(sql, [made.pk]);
    expect(row?.settings).toContain('other.example');
    expect(`${row?.settings}${row?.secrets}`).not.toContain('relay');
    expect(house.db.secrets.open(row?.secrets ?? '', 'stage.secrets')).toContain('relay');
  });

  it('list the templates there are', async () => {
    expect(await stages().listEmailTemplates({}, boss())).toEqual({
      items: [{ name: 'email/password_reset.html', description: 'Password Reset', component: '', model_name: '' }],
    });
  });
});
