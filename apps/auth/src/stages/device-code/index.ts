/**
 * Asks for the code that a television or a terminal shows (RFC 8628, section 3.3), and says when that device goes on. Both live in plans only: the
 * page for codes puts the one behind the flow of the brand, the end of a device's flow is the other. What is approved is asked elsewhere, in the
 * flow of the device's client: a code that is known leads there.
 */

import { defineStage, fieldError, type StageKind, type StageOutcome } from '../../plans/index.ts';
import { wholeNumber } from '../answer.fields.ts';
import type { Attempt, StageAttempts } from '../stage.ports.ts';

/** The codes that devices wait for. */
export type UserCodes = {
  /** Whether some device waits for a code. */
  readonly waits: (tenant: string, code: string) => Promise<boolean>;
};

/** What the stage needs. */
export type DeviceCodeDeps = { readonly attempts: StageAttempts; readonly userCodes: UserCodes };

/** Digits of a code. */
const DIGITS = 9;

/** Creates the stage that asks for a code. Who tries too often is answered as if every code were wrong. */
export function createDeviceCodeStage({ attempts, userCodes }: DeviceCodeDeps): StageKind {
  const component = 'ak-provider-oauth2-device-code';
  return defineStage({
    kind: 'device_code',
    component,
    readSettings: () => ({}),
    enter: async () => ({ kind: 'challenge', challenge: { component, withUser: false, fields: {} } }),
    answer: () => ({ code: wholeNumber() }),
    respond: async ({ request }, { code }) => {
      const { tenant, requester, client } = request;
      const attempt: Attempt = { kind: 'userCode', user: requester?.pk, client };
      if ((await attempts.reserve(tenant, attempt)) === 'refused') return WRONG;
      // Numbers lose the zeros that codes begin with.
      const digits = String(code).padStart(DIGITS, '0');
      if (!/^\d+$/.test(digits) || !(await userCodes.waits(tenant, digits))) return WRONG;
      return {
        kind: 'passed',
        context: { redirect: `/device?code=${digits}` },
        effect: async (tx) => {
          await attempts.succeeded(tx, tenant, attempt);
          return undefined;
        },
      };
    },
  });
}

const WRONG: StageOutcome = { kind: 'refused', errors: { code: [fieldError('Invalid code')] } };

/** Creates the stage that says that the device goes on. */
export function createDeviceCodeFinishStage(): StageKind {
  const component = 'ak-provider-oauth2-device-code-finish';
  return defineStage({
    kind: 'device_code_finish',
    component,
    readSettings: () => ({}),
    enter: async () => ({ kind: 'challenge', challenge: { component, withUser: false, fields: {} } }),
    answer: () => ({}),
    respond: async () => ({ kind: 'passed' }),
  });
}
