import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { sealer } from '../../flows/flow-browser.fixture.ts';
import { aHouse, aPerson, asUser } from '../../flows/flows.fixture.ts';
import type { JsonObject } from '../../plans/index.ts';
import { aDuo } from '../../testing/duo.fixture.ts';

const HOST = 'api-00000000.duosecurity.com';
const duo = await aDuo(HOST, { ikey: 'DIAUTH', skey: 'auth secret' }, { ikey: 'DIADMIN', skey: 'admin secret' });
const people = ['alice', 'bob', 'carol', 'dave'].map((name) => aPerson(name, { password: 'correct horse' }));
const [alice, bob] = people;
const house = await aHouse(people, { addresses: { twilio: '', duo: duo.url } });
const { duoDevices } = house.current();
const IDENTIFICATION = { kind: 'identification', settings: { user_fields: ['username'] } };
const PASSWORD = { kind: 'password', settings: { backends: ['authentik.core.auth.InbuiltBackend'] } };
const SECRET = 'correct horse';
const SETTINGS = { api_hostname: HOST, client_id: 'DIAUTH', client_secret: 'auth secret' };
const ADMIN = { admin_integration_key: 'DIADMIN', admin_secret_key: 'admin secret' };

/** A stage with these settings, in a flow of its own. */
async function aStage(settings: JsonObject = {}) {
  const slug = `duo-${randomUUID()}`;
  await house.flow(slug, [
    IDENTIFICATION,
    PASSWORD,
    { kind: 'authenticator_duo', settings: { ...SETTINGS, ...settings } },
    { kind: 'dummy' },
  ]);
  const [row] = await house.sql<{ pk: string }>('select pk from stage where name = $1', [`${slug} 2`]);
  return { slug, stage: row?.pk ?? '' };
}

async function anAsked(slug: string, uid_field: string) {
  const browser = house.browser();
  await browser.get(slug);
  await browser.post(slug, { uid_field });
  const { challenge } = await browser.post(slug, { password: SECRET });
  return { browser, challenge };
}

const DONE = { component: 'ak-stage-authenticator-duo' };

/** A call of a browser, signed in or not. */
function asBrowser(session: string | undefined) {
  const client = { tenant: house.tenant, address: '', userAgent: '', host: 'id.example', scheme: 'https' };
  const request = { method: 'POST', path: '/', query: '', requestId: 'request-3' };
  const principal = sealer.sealPrincipal({
    kind: 'anonymous',
    tenant: house.tenant,
    ...(session === undefined ? {} : { session }),
  });
  return { context: { principal, client: sealer.sealClient({ ...client, ...request }) } };
}

describe('setting Duo up', () => {
  it('shows an error, and tells administrators, when Duo refuses', async () => {
    const { slug } = await aStage({ client_secret: 'wrong' });
    expect((await anAsked(slug, 'alice')).challenge).toMatchObject({ component: 'ak-stage-flow-error' });
    const told = await house.sql<{ envelope: Buffer }>(
      "select envelope from outbox where subject = 'auth.v1.event.recorded'",
    );
    const texts = told.map(({ envelope }) => envelope.toString('latin1'));
    expect(texts.join('\n')).toMatch(/Failed to enroll user: Received 401 Invalid signature/);
  });

  it('refuses whoever has not activated the code, and denies one whose code is void', async () => {
    const { slug } = await aStage();
    const { browser, challenge } = await anAsked(slug, 'alice');
    expect(challenge).toMatchObject(DONE);
    const again = await browser.post(slug, DONE);
    const items = [{ string: 'Invalid enrollment status: waiting.', code: 'invalid' }];
    expect(again.challenge).toMatchObject({
      activation_code: challenge.activation_code,
      response_errors: { non_field_errors: { items } },
    });
    for (const user of duo.users) user.status = 'invalid';
    const denied = await browser.post(slug, DONE);
    expect(denied.challenge).toMatchObject({
      component: 'ak-stage-access-denied',
      error_message: 'Invalid enrollment status: invalid.',
    });
    expect(await house.sql('select 1 from device')).toEqual([]);
  });

  it('keeps the device once Duo says so, asks Duo for one enrolment only, and hides its code from the plan', async () => {
    const { slug, stage } = await aStage();
    const { browser, challenge } = await anAsked(slug, 'bob');
    const user = duo.users.find(({ username }) => username === 'bob');
    expect(challenge).toMatchObject({ activation_code: user?.code, stage_uuid: stage });
    expect((await browser.get(slug)).challenge).toMatchObject({ activation_code: user?.code });
    expect(JSON.stringify(await house.sql('select plan from flow_plan'))).not.toContain(user?.code);
    if (user !== undefined) user.status = 'success';
    expect((await browser.post(slug, DONE)).challenge).toMatchObject({ component: 'ak-stage-dummy' });
    const [device] = await house.sql('select user_pk, class, name, stage, data from device');
    expect(device).toEqual({
      user_pk: bob?.pk,
      class: 'duo',
      name: 'Duo Authenticator',
      stage,
      data: { duo_user_id: user?.user_id },
    });
  });
});

describe('the status of an enrolment', () => {
  it('is told to the browser that enrols, and to no other', async () => {
    const { slug, stage } = await aStage();
    const { browser } = await anAsked(slug, 'carol');
    const other = await anAsked((await aStage()).slug, 'dave');
    const none = { code: 'FAILED_PRECONDITION', reason: 'DUO_NOT_ENROLLING' };
    for (const session of [undefined, house.browser().session, other.browser.session]) {
      const asked = duoDevices.getDuoEnrollmentStatus({ stage_uuid: stage }, asBrowser(session));
      await expect(asked).rejects.toMatchObject(none);
    }
    const unknown = duoDevices.getDuoEnrollmentStatus({ stage_uuid: randomUUID() }, asBrowser(browser.session));
    await expect(unknown).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const own = () => duoDevices.getDuoEnrollmentStatus({ stage_uuid: stage }, asBrowser(browser.session));
    expect(await own()).toEqual({ duo_response: 'waiting' });
    for (const user of duo.users) if (user.username === 'carol') user.status = 'success';
    expect(await own()).toEqual({ duo_response: 'success' });
  });
});

describe('devices that people have at Duo', () => {
  const admin = asUser(house.tenant, true);
  const violation = (reason: string) => ({ code: 'INVALID_ARGUMENT', reason });

  it('are taken over by those who may, for people who exist, once', async () => {
    const { stage: stage_uuid } = await aStage();
    const device = { duo_user_id: 'DU1', username: 'alice' };
    const import_ = (changes: object = {}, as = admin) =>
      duoDevices.importDuoDevice({ stage_uuid, device: { ...device, ...changes } }, as);
    await expect(import_({}, asUser(house.tenant, false))).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
    await expect(import_({ username: 'nobody' })).rejects.toMatchObject(violation('DUO_USER_UNKNOWN'));
    await import_();
    await expect(import_({ username: 'bob' })).rejects.toMatchObject(violation('DUO_DEVICE_EXISTS'));
    const rows = await house.sql('select user_pk, name from device where stage = $1', [stage_uuid]);
    expect(rows).toEqual([{ user_pk: alice?.pk, name: 'Imported Duo Authenticator' }]);
    const told = await house.sql("select 1 from outbox where subject = 'auth.v1.device.created'");
    expect(told.length).toBeGreaterThan(0);
  });

  it('are taken over all at once, page by page, those who are new', async () => {
    const without = await aStage();
    const missing = duoDevices.importDuoDevices({ stage_uuid: without.stage }, admin);
    await expect(missing).rejects.toMatchObject(violation('DUO_ADMIN_MISSING'));
    duo.add('mallory');
    const { stage: stage_uuid } = await aStage(ADMIN);
    const heads: (number | undefined)[] = [];
    const onHead = ({ status }: { status?: number | undefined }) => void heads.push(status);
    expect(await duoDevices.importDuoDevices({ stage_uuid }, admin)).toEqual({ count: 4, error: '' });
    expect(await duoDevices.importDuoDevices({ stage_uuid }, admin)).toEqual({ count: 0, error: '' });
    const broken = await aStage({ ...ADMIN, admin_secret_key: 'wrong' });
    const failed = await duoDevices.importDuoDevices({ stage_uuid: broken.stage }, admin, { onHead });
    expect(failed).toEqual({ count: 0, error: 'Received 401 Invalid signature in request credentials' });
    expect(heads).toEqual([400]);
  });
});
