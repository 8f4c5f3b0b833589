import type { Permission, PlanContext, StageOutcome } from '../../plans/index.ts';

/** Asks for consent under a token that only this showing of the page knows. */
export function askConsent(context: PlanContext, granted: readonly string[] | undefined, token: string): StageOutcome {
  const asked = context.consent_permissions ?? [];
  const isOld = (permission: Permission) => granted === undefined || granted.includes(permission.id);
  return {
    kind: 'challenge',
    memory: { token },
    challenge: {
      component: 'ak-stage-consent',
      withUser: true,
      fields: {
        ...(context.consent_header === undefined ? {} : { header_text: context.consent_header }),
        permissions: asked.filter(isOld),
        additional_permissions: asked.filter((permission) => !isOld(permission)),
        token,
      },
    },
  };
}
