import { timingSafeEqual } from 'node:crypto';
import { isJsonObject, queryParameter } from '../plans/index.ts';
import type { NativePolicy } from '../policies/index.ts';
import { DEFAULT_EXPRESSIONS } from './default.flows.ts';

/** What guards the set-up of a tenant. */
export type Setup = {
  /** The default administrator, while they have no usable password; undefined once they have one. */
  readonly admin: (tenant: string) => Promise<{ pk: number; uuid: string; username: string } | undefined>;
  /** The token that the set-up link carries. */
  readonly token: (tenant: string) => string;
};

/**
 * What the managed expressions mean, so that a sign-in costs no interpreter. The set-up is open while the default administrator has no
 * password, to whoever has the link of the installation's log; those two can be said in no other words.
 */
export function createDefaultPolicies(setup: Setup): readonly NativePolicy[] {
  return [
    {
      expression: DEFAULT_EXPRESSIONS['default-oobe-password-usable'],
      evaluate: async (question) => {
        const isKnown = isSame(queryParameter(question, 'token') ?? '', setup.token(question.tenant));
        return { passing: isKnown && (await setup.admin(question.tenant)) !== undefined };
      },
    },
    {
      expression: DEFAULT_EXPRESSIONS['default-oobe-prefill-user'],
      evaluate: async ({ tenant }) => {
        const admin = await setup.admin(tenant);
        if (admin === undefined) return { passing: false };
        const user = { kind: 'account' as const, ...admin };
        return { passing: true, context: { pending_user: user, first_password_only: true } };
      },
    },
    {
      expression: DEFAULT_EXPRESSIONS['default-authentication-flow-password-stage'],
      evaluate: async ({ plan }) => {
        const pending = plan?.pending_user;
        return { passing: !(pending?.kind === 'account' && pending.backend !== undefined) };
      },
    },
    {
      expression: IF_SSO,
      evaluate: async ({ context }) => ({ passing: context.is_sso === true }),
    },
    {
      expression: IF_USERNAME,
      evaluate: async ({ context: { prompt_data } }) => ({
        passing: !(isJsonObject(prompt_data) && Object.hasOwn(prompt_data, 'username')),
      }),
    },
  ];
}

const IF_SSO = 'return ak_is_sso_flow';
const IF_USERNAME = 'return "username" not in context.get("prompt_data", {})';

function isSame(sent: string, expected: string): boolean {
  const [left, right] = [Buffer.from(sent), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}
