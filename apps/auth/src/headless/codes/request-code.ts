import { type Answer, AUTHENTICATION, bad, CONFLICT } from '../headless.answer.ts';
import { email, type Fields, optional, phone } from '../headless.fields.ts';
import { operation } from '../headless.operation.ts';
import type { HeadlessParts } from '../headless.parts.ts';
import { type Problem, problem } from '../headless.problems.ts';
import type { Visit } from '../headless.visit.ts';
import { findByMethod, loginMethods } from '../people.finder.ts';

/** Asks for a code to sign in by. Whether anybody has the address shows neither in the answer nor in its time. */
export const requestCode = (parts: HeadlessParts) =>
  operation({
    isServed: ({ settings }) => settings.login_by_code_enabled,
    form: formOf,
    run: (visit, values) => run(parts, visit, values),
  });

/** An address is taken wherever people sign in by more than their number, a number where they sign in by it. */
function formOf({ settings }: Visit): Fields {
  const methods = loginMethods(settings);
  if (!methods.includes('phone')) return { email: email() };
  return methods.length === 1 ? { phone: phone() } : { email: optional(email()), phone: optional(phone()) };
}

const UNKNOWN = {
  email: problem('unknown_email', 'email', 'The email address is not assigned to any user account.'),
  phone: problem('unknown_phone', 'phone'),
} as const satisfies Record<string, Problem>;

async function run(parts: HeadlessParts, visit: Visit, values: Record<string, unknown>): Promise<Answer> {
  const given = (['email', 'phone'] as const).flatMap((method) => {
    const value = values[method];
    return typeof value === 'string' && value !== '' ? [{ method, value }] : [];
  });
  const [named, more] = given;
  if (named === undefined) return bad(problem('required', 'email'));
  if (more !== undefined) return bad(problem('select_only_one'));
  const { method, value } = named;
  if (method === 'phone' && !(await parts.phoneMessages.isServed(visit.tenant))) return CONFLICT;
  if (!(await parts.limits.use(visit, 'request_login_code', value)))
    return bad(problem('too_many_login_attempts', method));
  const account = await findByMethod(parts, visit, method, value);
  const user = account?.isActive ? account.pk : undefined;
  if (user === undefined && visit.settings.enumeration === 'allowed') return bad(UNKNOWN[method]);
  await parts.pipeline.begin(visit, { by: 'code', [method]: value, ...(user !== undefined && { user }) });
  return AUTHENTICATION;
}
