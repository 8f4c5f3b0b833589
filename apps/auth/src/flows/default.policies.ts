import { timingSafeEqual } from 'node:crypto';
import type { directory } from '@postern/proto';
import { isJsonObject, queryParameter } from '../plans/index.ts';
import type { NativePolicy, PolicyQuestion, PolicyResult } from '../policies/index.ts';

/** Slug of the flow that sets the first password. */
export const SETUP_FLOW = 'initial-setup';

/** What guards the set-up of a tenant. */
export type Setup = {
  /** The default administrator, while they have no usable password; undefined once they have one. */
  readonly admin: (tenant: string) => Promise<{ pk: number; uuid: string; username: string } | undefined>;
  /** The token that the set-up link carries. */
  readonly token: (tenant: string) => string;
};

/** What says how far people look after themselves. */
export type SelfCare = {
  /** Somebody as they stand, with the attributes of brand, groups and user merged; undefined for nobody. */
  readonly person: (
    tenant: string,
    pk: number,
  ) => Promise<Pick<directory.UserPrincipal, 'user' | 'attributes'> | undefined>;
  /** What the tenant lets everybody change. */
  readonly settings: (tenant: string) => Promise<ChangeSettings>;
};

type ChangeSettings = Pick<
  directory.Settings,
  'default_user_change_email' | 'default_user_change_name' | 'default_user_change_username'
>;

/**
 * What the expressions mean that every tenant starts with, so that a sign-in costs no interpreter. Their texts are those of the installation's
 * blueprints. The set-up is open while the default administrator has no password, to whoever has the link of the installation's log; those two can be
 * said in no other words.
 */
export function createDefaultPolicies({
  setup,
  selfCare,
}: {
  setup: Setup;
  selfCare: SelfCare;
}): readonly NativePolicy[] {
  return [
    {
      expression: 'return ak_setup_is_open()',
      evaluate: async (question) => {
        const isKnown = isSame(queryParameter(question, 'token') ?? '', setup.token(question.tenant));
        return { passing: isKnown && (await setup.admin(question.tenant)) !== undefined };
      },
    },
    {
      expression: 'return ak_setup_prefill()',
      evaluate: async ({ tenant }) => {
        const admin = await setup.admin(tenant);
        if (admin === undefined) return { passing: false };
        const user = { kind: 'account' as const, ...admin };
        return { passing: true, context: { pending_user: user, first_password_only: true } };
      },
    },
    {
      expression: ASK_ONCE,
      evaluate: async ({ plan }) => {
        const pending = plan?.pending_user;
        return { passing: !(pending?.kind === 'account' && pending.backend !== undefined) };
      },
    },
    {
      expression: 'return ak_is_sso_flow',
      evaluate: async ({ context }) => ({ passing: context.is_sso === true }),
    },
    {
      expression: 'return "username" not in context.get("prompt_data", {})',
      evaluate: async ({ context: { prompt_data } }) => ({
        passing: !(isJsonObject(prompt_data) && Object.hasOwn(prompt_data, 'username')),
      }),
    },
    { expression: MAY_CHANGE, evaluate: (question) => mayChange(question, selfCare) },
  ];
}

const ASK_ONCE = `plan = request.context.get("flow_plan")
if not plan:
    return True
return not hasattr(plan.context.get("pending_user"), "backend")`;

const MAY_CHANGE = `submitted = context.get("prompt_data", {})
allowed = request.user.group_attributes(request)
for field, label in (("email", "email address"), ("name", "name"), ("username", "username")):
    setting = getattr(request.http_request.tenant, f"default_user_change_{field}")
    if allowed.get(f"goauthentik.io/user/can-change-{field}", setting):
        continue
    if submitted.get(field) != getattr(request.user, field):
        ak_message(f"Not allowed to change {label}.")
        return False
return True`;

const CHANGEABLE = [
  ['email', 'email address'],
  ['name', 'name'],
  ['username', 'username'],
] as const;

async function mayChange({ tenant, user, context }: PolicyQuestion, selfCare: SelfCare): Promise<PolicyResult> {
  const found = user?.kind === 'account' ? await selfCare.person(tenant, user.pk) : undefined;
  if (found?.user === undefined) return { passing: false };
  const settings = await selfCare.settings(tenant);
  const submitted = isJsonObject(context.prompt_data) ? context.prompt_data : {};
  for (const [field, label] of CHANGEABLE) {
    const allowed = found.attributes?.[`goauthentik.io/user/can-change-${field}`];
    if (isTruthy(allowed === undefined ? settings[`default_user_change_${field}`] : allowed)) continue;
    if (submitted[field] !== found.user[field]) {
      return { passing: false, messages: [`Not allowed to change ${label}.`] };
    }
  }
  return { passing: true };
}

/** As Python sees JSON. */
function isTruthy(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}

function isSame(sent: string, expected: string): boolean {
  const [left, right] = [Buffer.from(sent), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}
