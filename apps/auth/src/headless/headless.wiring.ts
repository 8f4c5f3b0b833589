import type { auth } from '@postern/proto';
import type { BoundService } from '@postern/rpc';
import { createFlowList } from './headless.flows.ts';
import { createFrame } from './headless.frame.ts';
import type { HeadlessEngine, HeadlessParts } from './headless.parts.ts';
import { createHeadlessSessions } from './headless.repository.ts';
import type { Visit } from './headless.visit.ts';
import { createLoginRpc } from './login/index.ts';
import { createLoginPipeline, type LoginStage } from './login.pipeline.ts';
import { createPresenter } from './presenter.codec.ts';
import { createRateLimits } from './rate.limits.ts';
import { createSessionRpc } from './session/index.ts';
import { createHeadlessSettings } from './settings.codec.ts';
import { createProviderList } from './social/index.ts';

/** What the API is built from. */
export type HeadlessDeps = HeadlessEngine & {
  /** What holds in a tenant that has set nothing. */
  readonly defaults: auth.HeadlessSettings;
  /** Issues sessions, by which a device is known from then on. */
  readonly issue: HeadlessEngine['sessions']['forFlows']['issue'];
};

/** Creates the API. */
export function createHeadless({ defaults, issue, ...engine }: HeadlessDeps): {
  readonly services: readonly BoundService[];
} {
  const { database, clock } = engine;
  const settings = createHeadlessSettings(database, defaults);
  const limits = createRateLimits(database);
  const providers = createProviderList(engine);
  const stages: LoginStage[] = [];
  const pipeline = createLoginPipeline(stages);
  const hasPassword = async ({ tenant }: Pick<Visit, 'tenant'>, user: number) =>
    (await engine.passwords.changed(tenant, user)) !== undefined;
  const factorsOf = async () => [];
  const flows = createFlowList({
    ofProviders: providers.flowsOf,
    isResetWaiting: () => false,
    factorsOf,
    hasPassword,
    describe: pipeline.describe,
  });
  const presenter = createPresenter({ flows, hasPassword });
  const frame = createFrame({
    database,
    clock,
    settings,
    limits,
    presenter,
    store: createHeadlessSessions(database),
    sessions: { ...engine.sessions, issue },
    sessionOfToken: async () => undefined,
    tokensFor: async () => ({}),
    canReauthenticate: async (visit, user) => (await flows.reauthentication(visit, user)).length > 0,
  });
  const parts: HeadlessParts = { ...engine, frame, pipeline, presenter, limits, providers };
  return { services: [createSessionRpc(parts), createLoginRpc(parts)] };
}
