import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { aHouse, aPerson } from '../flows/flows.fixture.ts';
import { aDuo } from '../testing/duo.fixture.ts';
import { hostileAnswers } from '../testing/hostile-answers.fixture.ts';
import { aCaptchaService } from '../testing/siteverify.fixture.ts';
import { anSmsProvider } from '../testing/sms-provider.fixture.ts';
import { type StageSample, stageSamples } from './every-kind.fixture.ts';

const ANSWERS = 40;
const captcha = await aCaptchaService('hush');
captcha.knows('good');
const sms = await anSmsProvider({ sid: 'AC00', token: 'the token' });
const DUO = { host: 'api-00000000.duosecurity.com', key: 'DIAUTH', secret: 'auth secret' };
const duo = await aDuo(DUO.host, { ikey: DUO.key, skey: DUO.secret }, { ikey: 'x', skey: 'x' });
const alice = aPerson('alice', { password: 'correct horse' });
const house = await aHouse([alice], { addresses: { twilio: sms.url, duo: duo.url } });
const { sql, tenant } = house;

const PROMPTS = { nick: 'text', age: 'number', password: 'password', password_repeat: 'password' };
const prompts = await Promise.all(
  Object.entries(PROMPTS).map(async ([key, type]) => {
    const insert = 'insert into prompt (pk, tenant_id, name, field_key, label, type) values ($1, $2, $3, $3, $3, $4)';
    const pk = randomUUID();
    await sql(insert, [pk, tenant, key, type]);
    return pk;
  }),
);
const appSecret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
await sql("insert into device (tenant_id, user_pk, class, name, secret) values ($1, $2, 'totp', 'app', $3)", [
  tenant,
  alice.pk,
  house.db.secrets.seal(appSecret, 'device.secret'),
]);
await house.flow('passwordless', [{ kind: 'authenticator_validate', settings: {} }, { kind: 'user_login' }]);
const [{ pk: passwordless = '' } = {}] = await sql<{ pk: string }>("select pk from flow where slug = 'passwordless'");
const samples = stageSamples({
  captcha: captcha.url,
  sms: `${sms.url}/send`,
  duo: DUO,
  prompts,
  passwordless,
  appSecret,
});
const { kinds } = house.current();

/** A flow with the stage in it, and one of another kind behind. */
async function aFlow(kind: string, { before = [], settings = {} }: StageSample): Promise<string> {
  const slug = `every-${kind}`.replaceAll('_', '-');
  const behind = kind === 'dummy' ? { kind: 'prompt', settings: { fields: prompts } } : { kind: 'dummy' };
  await house.flow(slug, [...before, { kind, settings }, behind]);
  return slug;
}

type Browser = ReturnType<typeof house.browser>;

/** A browser that was led to the stage. */
async function arrived(slug: string, { before = [], asksBeside }: StageSample): Promise<Browser> {
  const browser = house.browser();
  await browser.get(slug);
  for (const { answer } of before) await browser.post(slug, answer);
  if (asksBeside === 'passkey') await browser.offer(slug);
  return browser;
}

/** The kind of the stage where a browser stands; undefined once its plan is over. */
async function standsAt({ session }: Browser): Promise<string | undefined> {
  const [row] = await sql<{ kind: string }>(
    `select stage.kind from flow_plan join stage on stage.pk = (flow_plan.plan #>> '{steps,0,stage,pk}')::uuid
     where flow_plan.session = $1`,
    [session],
  );
  return row?.kind;
}

/** Whether the flow went on: past the stage, or to its end. */
async function isCompleted(browser: Browser, kind: string, shown: Readonly<Record<string, unknown>>) {
  const at = await standsAt(browser);
  if (at === kind) return false;
  return at !== undefined || shown.component !== 'ak-stage-access-denied';
}

it('has a sample of every kind that there is, and of no other', () => {
  expect(Object.keys(samples).toSorted()).toEqual([...kinds].toSorted());
});

const places = await Promise.all(
  Object.entries(samples).map(async ([kind, sample]) => ({ kind, sample, slug: await aFlow(kind, sample) })),
);

/** The kinds of which something holds, each with its flow. */
const those = (holds: (sample: StageSample) => boolean) => places.filter(({ sample }) => holds(sample));

describe.each(those(({ completedBy }) => completedBy !== 'itself'))('the $kind stage', ({ kind, sample, slug }) => {
  it('is completed by no answer that is made up', async () => {
    let browser = await arrived(slug, sample);
    const { challenge } = await browser.get(slug);
    const made = hostileAnswers(ANSWERS, kind.length * 7919, String(challenge.component));
    const beside = sample.asksBeside === 'passkey' ? made.map((webauthn) => ({ webauthn })) : [];
    for (const answer of [...made, ...beside].filter((one) => sample.isRight?.(one) !== true)) {
      // What is asked beside is good for one answer.
      if (sample.asksBeside === 'passkey') await browser.offer(slug);
      const seen = await browser.post(slug, answer);
      expect(await isCompleted(browser, kind, seen.challenge), JSON.stringify(answer).slice(0, 300)).toBe(false);
      if ((await standsAt(browser)) === undefined) browser = await arrived(slug, sample);
    }
    const empty = await browser.post(slug, { component: String(challenge.component) });
    const confirms = sample.isRight?.({ component: String(challenge.component) }) === true;
    if (!confirms) expect(await isCompleted(browser, kind, empty.challenge), 'nothing but its name').toBe(false);
  }, 120_000);
});

describe.each(those(({ right }) => right !== undefined))('the $kind stage', ({ kind, sample, slug }) => {
  it('takes the right answer once, and only to what was shown', async () => {
    const right = sample.right ?? (() => ({}));
    const behind = kind === 'dummy' ? 'prompt' : 'dummy';
    const early = house.browser();
    await early.call('POST', slug, '', right({ config_url: `otpauth://x/?secret=${appSecret}`, token: 'x' }));
    expect(await standsAt(early), 'an answer before anything was shown').toBe(sample.before?.[0]?.kind ?? kind);
    const browser = await arrived(slug, sample);
    const answer = right((await browser.get(slug)).challenge);
    await browser.post(slug, answer);
    expect(await standsAt(browser), 'the right answer').toBe(behind);
    await browser.post(slug, answer);
    expect(await standsAt(browser), 'the same answer again').toBe(behind);
    const twins = await arrived(slug, sample);
    const both = right((await twins.get(slug)).challenge);
    const other = house.browser(twins.session);
    await Promise.all([twins.call('POST', slug, '', both), other.call('POST', slug, '', both)]);
    // One of them may find that it is too late, or that the other one has used up what both answered with.
    expect([kind, behind, undefined], 'two at once').toContain(await standsAt(twins));
  }, 120_000);
});

describe.each(those(({ completedBy }) => completedBy === 'itself'))('the $kind stage', ({ sample, slug }) => {
  it('does not care what is sent', async () => {
    for (const answer of hostileAnswers(5, 1, 'x')) {
      const browser = await arrived(slug, sample);
      await browser.call('POST', slug, '', answer);
      expect(await standsAt(browser)).toBe('dummy');
    }
  });
});
