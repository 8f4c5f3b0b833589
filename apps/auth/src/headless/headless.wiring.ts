import type { auth } from '@postern/proto';
import type { BoundService } from '@postern/rpc';
import { createAddressesRpc } from './addresses/index.ts';
import { createCodeStage, createCodesRpc } from './codes/index.ts';
import { createFlowList } from './headless.flows.ts';
import { createFrame, type FrameDeps } from './headless.frame.ts';
import type { HeadlessEngine, HeadlessParts } from './headless.parts.ts';
import { createHeadlessSessions } from './headless.repository.ts';
import type { Visit } from './headless.visit.ts';
import { createVisits, type Visits } from './headless.visits.ts';
import { createLoginRpc } from './login/index.ts';
import { createLoginPipeline, type LoginStage } from './login.pipeline.ts';
import { createMfaRpc, createMfaStage, createMfaTrustStage, createTrustedBrowsers, typesOf } from './mfa/index.ts';
import { createHeadlessPasswordRpc, isResetWaiting } from './password/index.ts';
import { createPhoneRpc, createPhoneStage } from './phone/index.ts';
import { createPresenter } from './presenter.codec.ts';
import { createRateLimits } from './rate.limits.ts';
import { createSessionRpc } from './session/index.ts';
import { createHeadlessSettings, type HeadlessSettingsStore } from './settings.codec.ts';
import { createEmailStage, createSignupRpc } from './signup/index.ts';
import { createProviderList, createSocialRpc } from './social/index.ts';
import { createTokenStrategy, createTokensRpc } from './tokens/index.ts';
import { createPasskeySignupStage, createWebauthnRpc } from './webauthn/index.ts';

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
  /** What the REST auth API shares with it. */
  readonly shared: HeadlessParts & { readonly settings: HeadlessSettingsStore; readonly visits: Visits };
} {
  const { database, clock } = engine;
  const settings = createHeadlessSettings(database, defaults);
  const limits = createRateLimits(database);
  const providers = createProviderList(engine);
  const trusted = createTrustedBrowsers(engine);
  const stages: LoginStage[] = [
    createCodeStage({ ...engine, limits, isTrusted: trusted.isTrusted }),
    createPhoneStage({ ...engine, limits }),
    createEmailStage({ ...engine, limits }),
    createMfaStage(engine, trusted),
    createMfaTrustStage(),
    createPasskeySignupStage(),
  ];
  const pipeline = createLoginPipeline(stages);
  const hasPassword = async ({ tenant }: Pick<Visit, 'tenant'>, user: number) =>
    (await engine.passwords.changed(tenant, user)) !== undefined;
  const factorsOf = async ({ tenant }: Pick<Visit, 'tenant'>, user: number) =>
    typesOf(await engine.devices.ofUser(tenant, user));
  const canReauthenticate = async (visit: Visit, user: number) =>
    (await hasPassword(visit, user)) || (await factorsOf(visit, user)).length > 0;
  const flows = createFlowList({
    ofProviders: providers.flowsOf,
    isResetWaiting,
    factorsOf,
    hasPassword,
    describe: pipeline.describe,
    pending: pipeline.pending,
  });
  const presenter = createPresenter({ flows, hasPassword });
  const opening: FrameDeps = {
    database,
    clock,
    settings,
    limits,
    presenter,
    store: createHeadlessSessions(database),
    sessions: { ...engine.sessions, issue },
    ...createTokenStrategy(engine),
    devices: engine.devices,
    canReauthenticate,
  };
  const frame = createFrame(opening);
  const parts: HeadlessParts = { ...engine, frame, pipeline, presenter, limits, providers, canReauthenticate };
  return {
    shared: { ...parts, settings, visits: createVisits(opening) },
    services: [
      createSessionRpc(parts),
      createLoginRpc(parts),
      createSignupRpc(parts),
      createAddressesRpc(parts),
      createCodesRpc(parts),
      createPhoneRpc(parts),
      createHeadlessPasswordRpc(parts),
      createTokensRpc(parts),
      createSocialRpc(parts),
      createMfaRpc(parts, trusted),
      createWebauthnRpc(parts),
    ],
  };
}
