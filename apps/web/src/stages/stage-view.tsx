import type { Challenge } from '../executor/challenge.types.ts';
import { AccessDeniedStage } from './access-denied.stage.tsx';
import { AutosubmitStage } from './autosubmit.stage.tsx';
import { ConsentStage } from './consent.stage.tsx';
import { DummyStage } from './dummy.stage.tsx';
import { EmailStage } from './email.stage.tsx';
import { FlowErrorStage } from './flow-error.stage.tsx';
import { IdentificationStage } from './identification.stage.tsx';
import {
  AppleStage,
  CaptchaStage,
  DeviceCodeFinishStage,
  DeviceCodeStage,
  DuoStage,
  PlexStage,
  SmsStage,
  StaticStage,
  TotpStage,
  ValidateStage,
  WebauthnStage,
} from './lazy.stages.ts';
import { PasswordStage } from './password.stage.tsx';
import { PromptStage } from './prompt.stage.tsx';
import { RedirectStage } from './redirect.stage.tsx';
import { ShellStage } from './shell.stage.tsx';
import { UnknownStage } from './unknown.stage.tsx';
import { UserLoginStage } from './user-login.stage.tsx';

/** The form for a challenge. A new component of the contract gets a line here, and the compiler asks for it. */
export function StageView({ challenge }: { readonly challenge: Challenge }) {
  switch (challenge.component) {
    case 'ak-stage-identification':
      return <IdentificationStage challenge={challenge} />;
    case 'ak-stage-password':
      return <PasswordStage challenge={challenge} />;
    case 'ak-stage-consent':
      return <ConsentStage challenge={challenge} />;
    case 'ak-stage-user-login':
      return <UserLoginStage challenge={challenge} />;
    case 'ak-stage-prompt':
      return <PromptStage challenge={challenge} />;
    case 'ak-stage-access-denied':
      return <AccessDeniedStage challenge={challenge} />;
    case 'ak-stage-flow-error':
      return <FlowErrorStage challenge={challenge} />;
    case 'ak-stage-autosubmit':
      return <AutosubmitStage challenge={challenge} />;
    case 'ak-stage-dummy':
      return <DummyStage />;
    case 'xak-flow-redirect':
      return <RedirectStage challenge={challenge} />;
    case 'xak-flow-shell':
      return <ShellStage challenge={challenge} />;
    case 'ak-stage-email':
      return <EmailStage challenge={challenge} />;
    case 'ak-stage-captcha':
      return <CaptchaStage challenge={challenge} />;
    case 'ak-stage-authenticator-validate':
      return <ValidateStage challenge={challenge} />;
    case 'ak-stage-authenticator-totp':
      return <TotpStage challenge={challenge} />;
    case 'ak-stage-authenticator-static':
      return <StaticStage challenge={challenge} />;
    case 'ak-stage-authenticator-sms':
      return <SmsStage challenge={challenge} />;
    case 'ak-stage-authenticator-duo':
      return <DuoStage challenge={challenge} />;
    case 'ak-stage-authenticator-webauthn':
      return <WebauthnStage challenge={challenge} />;
    case 'ak-provider-oauth2-device-code':
      return <DeviceCodeStage />;
    case 'ak-provider-oauth2-device-code-finish':
      return <DeviceCodeFinishStage />;
    case 'ak-source-plex':
      return <PlexStage challenge={challenge} />;
    case 'ak-source-oauth-apple':
      return <AppleStage challenge={challenge} />;
    case 'unknown':
      return <UnknownStage challenge={challenge} />;
  }
}
