/**
 * The kinds of stages. A kind is a folder: its settings, what it asks, how it judges an answer. Stages never call stages, never write
 * HTTP and never touch the plan: each returns an outcome to the executor. To add a kind: write its folder, name it in `createStageKinds`.
 */

import type { Egress } from '@postern/egress';
import type { BoundService } from '@postern/rpc';
import type { DeviceCodes, DeviceStore } from '../devices/index.ts';
import { createFactorVerifiers, createWebauthnVerifier } from '../factors/index.ts';
import { type StageKinds, stageKinds } from '../plans/index.ts';
import { createAuthenticatorDuoStageRpc } from './authenticator-duo/authenticator-duo-stage.rpc.ts';
import { createAuthenticatorDuo, createDuoDeviceRpc, type DuoDeviceDeps } from './authenticator-duo/index.ts';
import { createAuthenticatorSmsStageRpc } from './authenticator-sms/authenticator-sms-stage.rpc.ts';
import { createAuthenticatorSms, type SmsMappings } from './authenticator-sms/index.ts';
import { createAuthenticatorStaticStageRpc } from './authenticator-static/authenticator-static-stage.rpc.ts';
import { createAuthenticatorStaticStage } from './authenticator-static/index.ts';
import { createAuthenticatorTotpStageRpc } from './authenticator-totp/authenticator-totp-stage.rpc.ts';
import { createAuthenticatorTotpStage } from './authenticator-totp/index.ts';
import { createAuthenticatorValidateStageRpc } from './authenticator-validate/authenticator-validate-stage.rpc.ts';
import { createAuthenticatorValidateStage, createMfaCookies } from './authenticator-validate/index.ts';
import { createAuthenticatorWebauthnStageRpc } from './authenticator-webauthn/authenticator-webauthn-stage.rpc.ts';
import { createAuthenticatorWebauthnStage } from './authenticator-webauthn/index.ts';
import { createCaptchaStageRpc } from './captcha/captcha-stage.rpc.ts';
import { createCaptchaStage } from './captcha/index.ts';
import { createConsentStageRpc } from './consent/consent-stage.rpc.ts';
import { type ConsentStageDeps, createConsentStage } from './consent/index.ts';
import { createDenyStageRpc } from './deny/deny-stage.rpc.ts';
import { createDenyStage } from './deny/index.ts';
import { createDeviceCodeFinishStage, createDeviceCodeStage, type UserCodes } from './device-code/index.ts';
import { createDummyStageRpc } from './dummy/dummy-stage.rpc.ts';
import { createDummyStage } from './dummy/index.ts';
import { createEmailStageRpc, type MailTemplates } from './email/email-stage.rpc.ts';
import { createEmailStage, type EmailSending } from './email/index.ts';
import { createHiddenValueRpc } from './hidden-value.rpc.ts';
import { createIdentificationStageRpc } from './identification/identification-stage.rpc.ts';
import { createIdentificationStage, createPasskeyOffers, type PasskeyOffers } from './identification/index.ts';
import { createInvitationStage } from './invitation/index.ts';
import { createInvitationStageRpc } from './invitation/invitation-stage.rpc.ts';
import { createPasswordStage } from './password/index.ts';
import { createPasswordStageRpc } from './password/password-stage.rpc.ts';
import { createPromptStage, type PromptPreviewDeps } from './prompt/index.ts';
import { createPromptStageRpc } from './prompt/prompt-stage.rpc.ts';
import { createPromptRpc } from './prompt.rpc.ts';
import { createRedirectStage } from './redirect/index.ts';
import { modelOf } from './stage.families.ts';
import type {
  PromptFields,
  PromptPolicies,
  PromptValues,
  StageAccounts,
  StageAttempts,
  StageFacts,
  StageFlows,
  StageInvitations,
  StageLinks,
  StageMails,
  StagePasswords,
  StageProblems,
  StageSeal,
  StageSessions,
  UserDirectory,
} from './stage.ports.ts';
import { createStageRpc } from './stage.rpc.ts';
import type { StageMethodDeps } from './stage-methods.rpc.ts';
import { createUserDeleteStage } from './user-delete/index.ts';
import { createUserDeleteStageRpc } from './user-delete/user-delete-stage.rpc.ts';
import { createUserLoginStage } from './user-login/index.ts';
import { createUserLoginStageRpc } from './user-login/user-login-stage.rpc.ts';
import { createUserLogoutStage } from './user-logout/index.ts';
import { createUserLogoutStageRpc } from './user-logout/user-logout-stage.rpc.ts';
import { createUserWriteStage } from './user-write/index.ts';
import { createUserWriteStageRpc } from './user-write/user-write-stage.rpc.ts';

export { duoErrors } from './authenticator-duo/index.ts';
export {
  createPhonePost,
  type PhoneMessage,
  SmsMappingFailed,
  type SmsMappings,
  type SmsPost,
} from './authenticator-sms/index.ts';
export { createConsents } from './consent.repository.ts';
export type { UserCodes } from './device-code/index.ts';
export type { MailTemplates } from './email/email-stage.rpc.ts';
export { createLinkHost, emailSettings, linkMailOf } from './email/index.ts';
export type { PasskeyOffers } from './identification/index.ts';
export { PromptEntity } from './prompt.entity.ts';
export { headOf } from './stage.codec.ts';
export { StageEntity } from './stage.entity.ts';
export { modelOf, STAGE_FAMILIES, STAGE_LINKS } from './stage.families.ts';
export { type FlowSets, letGo, type StageMethodDeps } from './stage.family.ts';
export type * from './stage.ports.ts';
export { STAGE_REFERABLES } from './stage.referable.ts';
export { apart, openSettings, STAGE_SECRETS, type StoredSettings } from './stage.secrets.ts';
export { changedAttributes } from './user-write/index.ts';

/** Addresses of services elsewhere. */
export type ServiceAddresses = {
  /** Twilio's API, without a path. */
  readonly twilio: string;
  /** What takes the place of the address that a Duo stage names; empty for none. */
  readonly duo: string;
};

/** What the stages of this server need, all kinds together; each takes its own part. */
export type StageDeps = Pick<ConsentStageDeps, 'consents' | 'clock' | 'ids'> & {
  /** The guarded way out. */
  readonly egress: Pick<Egress, 'call'>;
  readonly accounts: StageAccounts;
  readonly passwords: StagePasswords;
  readonly attempts: StageAttempts;
  readonly devices: DeviceStore;
  readonly deviceCodes: DeviceCodes;
  /** Codes that devices elsewhere show. */
  readonly userCodes: UserCodes;
  readonly seal: StageSeal;
  readonly smsMappings: SmsMappings;
  /** Addresses of services elsewhere that have one for everybody. */
  readonly addresses: ServiceAddresses;
  /** The installation's secrets. */
  readonly secrets: readonly string[];
  /** What the brand of a host is called. */
  readonly linkHost: EmailSending['linkHost'];
  readonly brands: { readonly title: (tenant: string, host: string) => Promise<string> };
  readonly sessions: StageSessions;
  readonly directory: UserDirectory;
  readonly mails: StageMails;
  readonly invitations: StageInvitations;
  readonly facts: StageFacts;
  readonly problems: StageProblems;
  readonly links: StageLinks;
  readonly flows: StageFlows;
  readonly prompts: PromptFields;
  readonly promptPolicies: PromptPolicies;
  readonly promptValues: PromptValues;
  /** Whether an error is the directory's refusal of what was asked, such as a name that is taken. */
  readonly isRefusal: (error: unknown) => boolean;
};

/** Creates every kind of stage. */
export function createStageKinds(deps: StageDeps): StageKinds {
  const duo = createAuthenticatorDuo(deps);
  const sms = createAuthenticatorSms(deps);
  return stageKinds([
    createIdentificationStage({ ...deps, passkeys: createWebauthnVerifier(deps) }),
    createPasswordStage(deps),
    createUserLoginStage(deps),
    createUserLogoutStage(deps),
    createConsentStage(deps),
    createPromptStage({ ...deps, policies: deps.promptPolicies, values: deps.promptValues }),
    createUserWriteStage(deps),
    createDummyStage(),
    createEmailStage(deps),
    createInvitationStage(deps),
    createDenyStage(),
    createRedirectStage(),
    createCaptchaStage(deps),
    createAuthenticatorStaticStage(deps),
    createAuthenticatorTotpStage(deps),
    duo.stage,
    sms.stage,
    createAuthenticatorValidateStage({
      ...deps,
      modelOf,
      verifiers: [...createFactorVerifiers(deps), duo.verifier, sms.verifier],
      mfaCookies: createMfaCookies(deps),
    }),
    createAuthenticatorWebauthnStage(deps),
    createUserDeleteStage(deps),
    createDeviceCodeStage(deps),
    createDeviceCodeFinishStage(),
  ]);
}

/** Creates what offers passkeys to whoever is asked for a name. */
export function createStagePasskeys(deps: Pick<StageDeps, 'devices' | 'flows' | 'clock'>): PasskeyOffers {
  return createPasskeyOffers({ ...deps, passkeys: createWebauthnVerifier(deps) });
}

/** The services by which administrators look after stages. */
export function createStageServices(
  deps: StageMethodDeps & DuoDeviceDeps & PromptPreviewDeps & { readonly mailTemplates: MailTemplates },
): readonly BoundService[] {
  return [
    createStageRpc(deps),
    createHiddenValueRpc(deps),
    createAuthenticatorDuoStageRpc(deps),
    createDuoDeviceRpc(deps),
    createAuthenticatorSmsStageRpc(deps),
    createAuthenticatorStaticStageRpc(deps),
    createAuthenticatorTotpStageRpc(deps),
    createAuthenticatorValidateStageRpc(deps),
    createAuthenticatorWebauthnStageRpc(deps),
    createCaptchaStageRpc(deps),
    createConsentStageRpc(deps),
    createDenyStageRpc(deps),
    createDummyStageRpc(deps),
    createEmailStageRpc(deps),
    createIdentificationStageRpc(deps),
    createInvitationStageRpc(deps),
    createPasswordStageRpc(deps),
    createPromptStageRpc(deps),
    createPromptRpc(deps),
    createUserDeleteStageRpc(deps),
    createUserLoginStageRpc(deps),
    createUserLogoutStageRpc(deps),
    createUserWriteStageRpc(deps),
  ];
}
