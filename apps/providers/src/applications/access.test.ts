import { common } from '@postern/errors';
import { createLocalBus } from '@postern/messaging';
import { createLogger } from '@postern/observability';
import { auth, events } from '@postern/proto';
import { bind, createClient, createRpcServer, createSealer } from '@postern/rpc';
import { fakeClock, TEST_SECRET } from '@postern/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { servedProviders } from '../testing/served-providers.ts';
import { createApplicationAccess } from './index.ts';

const app = await servedProviders();
const { applications, around, tenant, as } = app;

const nobody = { permissions: [] };
const aNamed = (slug: string, policy_engine_mode = 'any') => ({ name: slug, slug, policy_engine_mode });

async function three(own: string) {
  const made = [];
  for (const [slug, mode] of [
    ['wiki', 'any'],
    ['mail', 'all'],
    ['chat', 'any'],
  ] as const)
    made.push(await applications.createApplication({ application: aNamed(slug, mode) }, as(own)));
  return made;
}

beforeEach(() => {
  around.verdicts.clear();
  around.evaluations.length = 0;
});

describe('an application that policies guard', () => {
  it('is hidden from whoever they keep out, by one question for all applications', async () => {
    const own = tenant();
    const [wiki, mail, chat] = await three(own);
    around.verdicts.set(mail?.pk ?? '', { passing: false, messages: ['No'] });
    const { results } = await applications.listApplications({}, as(own, nobody));
    expect(results.map(({ slug }) => slug)).toEqual(['chat', 'wiki']);
    expect(around.evaluations).toHaveLength(1);
    expect(new Set(around.evaluations[0]?.targets)).toEqual(new Set([wiki?.pk, mail?.pk, chat?.pk]));
    expect(around.evaluations[0]).toMatchObject({ user_pk: 7, all_of: [mail?.pk], wanted: undefined });
  });

  it('is refused to whoever they keep out, in the words of its mode', async () => {
    const own = tenant();
    const [, mail] = await three(own);
    around.verdicts.set(mail?.pk ?? '', { passing: false, messages: ['Office hours only'] });
    expect(await applications.checkApplicationAccess({ slug: 'mail' }, as(own))).toMatchObject({
      passing: false,
      messages: ['Office hours only'],
    });
    expect(around.evaluations.at(-1)).toMatchObject({ targets: [mail?.pk], mode: 'all', user_pk: 7 });
    around.verdicts.set(mail?.pk ?? '', { passing: true, messages: [] });
    expect(await applications.checkApplicationAccess({ slug: 'mail' }, as(own))).toMatchObject({ passing: true });
  });
});

describe('whoever asks about access', () => {
  const trace = auth.PolicyTrace.fromPartial({
    kind: 'policy',
    name: 'hours',
    outcome: 'failed',
    messages: ['Closed'],
  });

  it('hears why only as a superuser, and troubles the audit log with nothing', async () => {
    const own = tenant();
    const [wiki] = await three(own);
    around.verdicts.set(wiki?.pk ?? '', { passing: false, messages: ['Closed'], trace: [trace] });
    const ask = { slug: 'wiki', for_user: 7 };
    expect(await applications.checkApplicationAccess(ask, as(own, nobody))).toEqual({
      passing: false,
      messages: [],
      log_messages: [],
    });
    expect(await applications.checkApplicationAccess(ask, as(own))).toMatchObject({
      messages: ['Closed'],
      log_messages: [
        { event: 'policy failed', log_level: 'info', name: 'hours', passing: false, messages: ['Closed'] },
      ],
    });
    expect(around.evaluations.map(({ wanted }) => wanted)).toEqual([undefined, undefined]);
  });

  it('counts and pages what they may open, and everything as a superuser who wants everything', async () => {
    const own = tenant();
    const [, mail] = await three(own);
    around.verdicts.set(mail?.pk ?? '', { passing: false, messages: [] });
    const list = async (request: object, who: object = nobody) => {
      const { pagination, results } = await applications.listApplications({ page_size: 1, ...request }, as(own, who));
      return [pagination?.count, pagination?.next, ...results.map(({ slug }) => slug)];
    };
    expect(await list({})).toEqual([2, 2, 'chat']);
    expect(await list({ page: '2' })).toEqual([2, 0, 'wiki']);
    expect(await list({ page: '2', superuser_full_list: true })).toEqual([2, 0, 'wiki']);
    expect(await list({ page: '2', superuser_full_list: true }, {})).toEqual([3, 3, 'mail']);
    expect(await list({ slug: 'mail' })).toEqual([0, 0]);
  });
});

describe('the view of applications on policies', () => {
  const sealer = createSealer(TEST_SECRET);
  const question = {
    tenant: tenant(),
    application: { pk: '0197c0de-0000-7000-8000-0000000000a1', name: 'Wiki', slug: 'wiki', policyEngineMode: 'any' },
    user: 7,
    context: { oauth_scopes: ['openid'] },
  } as const;

  /** A login service that answers as it is told. */
  function anAuth(answer: () => Partial<auth.EvaluatePoliciesResponse>) {
    const asked: auth.EvaluatePoliciesRequest[] = [];
    const service = bind(auth.PolicyEvaluationServiceDefinition, {
      async evaluate(request) {
        asked.push(request);
        return { decisions: [], ...answer() };
      },
      match: async () => ({ matches: [] }),
    });
    const server = createRpcServer({ services: [service], sealer, log: createLogger({ level: 'silent' }) });
    const policies = createClient(auth.PolicyEvaluationServiceDefinition, server.channel(), {
      sealer,
      service: 'providers',
    });
    const bus = createLocalBus();
    const clock = fakeClock(new Date());
    const access = createApplicationAccess({ db: app.db, policies, bus, clock });
    const check = () => access.check(question);
    return { asked, bus, clock, check };
  }

  const decision = (passing: boolean, bound: number) =>
    auth.PolicyDecision.fromPartial({ target: question.application.pk, passing, bound });

  it('lets nobody pass when the decision is missing, or the login service is away', async () => {
    const silent = anAuth(() => ({ decisions: [] }));
    expect(await silent.check()).toMatchObject({ passing: false });
    const away = anAuth(() => {
      throw common.UNAVAILABLE();
    });
    await expect(away.check()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it('asks anew about every request to an application that something is bound to', async () => {
    const { check, asked } = anAuth(() => ({ decisions: [decision(asked.length === 1, 1)] }));
    expect(await check()).toMatchObject({ passing: true });
    expect(await check()).toMatchObject({ passing: false });
    expect(asked[0]).toMatchObject({
      context: { oauth_scopes: ['openid'] },
      wanted: { app: 'authentik_core', model_name: 'application', name: 'Wiki' },
    });
  });

  it('remembers for seconds that nothing is bound, until a binding changes', async () => {
    const { check, asked, bus, clock } = anAuth(() => ({
      decisions: [decision(asked.length < 3, Number(asked.length > 2))],
    }));
    await bus.start();
    await check();
    clock.advance(5_001);
    await check();
    expect(await check()).toMatchObject({ passing: true });
    expect(asked).toHaveLength(2);
    await bus.publish(events.Envelope.fromPartial({ id: tenant(), subject: 'auth.v1.policy_binding.created' }));
    await expect.poll(check).toMatchObject({ passing: false });
    const before = asked.length;
    await check();
    expect(asked).toHaveLength(before + 1);
  });
});
