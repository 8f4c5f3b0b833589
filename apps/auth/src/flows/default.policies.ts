import { timingSafeEqual } from 'node:crypto';
import { queryParameter } from '../plans/index.ts';
import type { PolicyEvaluator } from '../policies/index.ts';
import { SETUP_POLICIES } from './default.flows.ts';
import { seededPolicy } from './seed.flows.ts';

/** What guards the set-up of a tenant. */
export type Setup = {
  /** The default administrator, while they have no usable password; undefined once they have one. */
  readonly admin: (tenant: string) => Promise<{ pk: number; uuid: string; username: string } | undefined>;
  /** The token that the set-up link carries. */
  readonly token: (tenant: string) => string;
};

/**
 * The policies that every tenant starts with, evaluated here. The set-up is open while the default administrator has no password, to
 * whoever has the link of the installation's log.
 */
export function createDefaultPolicies(setup: Setup): (tenant: string, policy: string) => PolicyEvaluator | undefined {
  const evaluators: readonly (readonly [string, PolicyEvaluator])[] = [
    [
      SETUP_POLICIES.isOpen,
      async (request) => {
        const isKnown = isSame(queryParameter(request, 'token') ?? '', setup.token(request.tenant));
        return { passing: isKnown && (await setup.admin(request.tenant)) !== undefined };
      },
    ],
    [
      SETUP_POLICIES.prefill,
      async (request) => {
        const admin = await setup.admin(request.tenant);
        if (admin === undefined) return { passing: false };
        const user = { kind: 'account' as const, ...admin };
        return { passing: true, context: { pending_user: user, first_password_only: true } };
      },
    ],
    // The password was asked already where the identification stage asked it, too.
    [
      'default-authentication-flow-password-stage',
      async ({ context: { pending_user } }) => ({
        passing: !(pending_user?.kind === 'account' && pending_user.backend !== undefined),
      }),
    ],
  ];
  return (tenant, policy) => evaluators.find(([name]) => seededPolicy(tenant, name) === policy)?.[1];
}

function isSame(sent: string, expected: string): boolean {
  const [left, right] = [Buffer.from(sent), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}
