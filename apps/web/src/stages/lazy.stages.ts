import { lazy } from 'react';

/** Steps that few sign-ins have: each is loaded when it comes. */

export const ValidateStage = lazy(async () => {
  const { ValidateStage } = await import('./authenticators/validate.stage.tsx');
  return { default: ValidateStage };
});

export const TotpStage = lazy(async () => ({ default: (await import('./authenticators/totp.stage.tsx')).TotpStage }));

export const StaticStage = lazy(async () => {
  const { StaticStage } = await import('./authenticators/static.stage.tsx');
  return { default: StaticStage };
});

export const SmsStage = lazy(async () => ({ default: (await import('./authenticators/sms.stage.tsx')).SmsStage }));

export const DuoStage = lazy(async () => ({ default: (await import('./authenticators/duo.stage.tsx')).DuoStage }));

export const WebauthnStage = lazy(async () => {
  const { WebauthnStage } = await import('./authenticators/webauthn.stage.tsx');
  return { default: WebauthnStage };
});

export const CaptchaStage = lazy(async () => ({ default: (await import('./captcha/captcha.stage.tsx')).CaptchaStage }));

export const DeviceCodeStage = lazy(async () => ({
  default: (await import('./device-code.stage.tsx')).DeviceCodeStage,
}));

export const DeviceCodeFinishStage = lazy(async () => {
  const { DeviceCodeFinishStage } = await import('./device-code.stage.tsx');
  return { default: DeviceCodeFinishStage };
});

export const PlexStage = lazy(async () => ({ default: (await import('./sources/plex.stage.tsx')).PlexStage }));

export const AppleStage = lazy(async () => ({ default: (await import('./sources/apple.stage.tsx')).AppleStage }));
