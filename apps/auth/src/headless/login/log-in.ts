import { INBUILT_BACKEND } from '../../passwords/index.ts';
import { type Answer, bad, CONFLICT } from '../headless.answer.ts';
import { email, type Field, type Fields, optionalText, phone, text } from '../headless.fields.ts';
import { operation } from '../headless.operation.ts';
import type { HeadlessParts } from '../headless.parts.ts';
import { type ProblemCode, problem } from '../headless.problems.ts';
import type { Visit } from '../headless.visit.ts';
import { loginFailure } from '../login.failures.ts';
import { findByMethod, type LoginMethod, loginMethods } from '../people.finder.ts';

const FIELDS: Readonly<Record<LoginMethod, () => Field<string>>> = { username: text, email, phone };

const MISMATCH = {
  username: 'username_password_mismatch',
  email: 'email_password_mismatch',
  phone: 'phone_password_mismatch',
} as const satisfies Record<LoginMethod, ProblemCode>;

/** Signs in by password. Whether nobody has the name, or its password is another, takes the same time and says the same. */
export const logIn = (parts: HeadlessParts) =>
  operation({ limit: 'login', form: formOf, run: (visit, values) => run(parts, visit, values) });

/** One method is a field that has to be there; of several the operation wants one. */
function formOf({ settings }: Visit): Fields {
  const methods = loginMethods(settings);
  const [only] = methods;
  if (only !== undefined && methods.length === 1) return { [only]: FIELDS[only](), password: text() };
  return { ...Object.fromEntries(methods.map((method) => [method, optionalText()])), password: text() };
}

async function run(parts: HeadlessParts, visit: Visit, values: Record<string, unknown>): Promise<Answer> {
  const given = loginMethods(visit.settings).flatMap((method) => {
    const value = values[method];
    return typeof value === 'string' && value !== '' ? [{ method, value }] : [];
  });
  const [named, more] = given;
  if (named === undefined || more !== undefined) return bad(problem('invalid_login'));
  if (visit.person) return CONFLICT;
  const key = `${visit.client.host}:${named.method === 'phone' ? '' : named.value.toLowerCase()}`;
  if (!(await parts.limits.use(visit, 'login_failed', key))) return bad(problem('too_many_login_attempts'));
  const account = await findByMethod(parts, visit, named.method, named.value);
  const from = { name: named.value, client: visit.client };
  const { password } = values;
  const proof = await parts.passwords.verify(visit.tenant, account, String(password), [INBUILT_BACKEND], from);
  if (!account || !proof) {
    visit.effects.push(loginFailure(parts, visit, { username: named.value, password: String(password) }));
    return bad(problem(MISMATCH[named.method], 'password'));
  }
  await parts.limits.giveBack(visit, 'login_failed', key);
  visit.effects.push((tx) => proof.settle(tx));
  const by = named.method === 'phone' ? {} : { [named.method]: named.value };
  return parts.pipeline.begin(visit, {
    user: account.pk,
    by: 'password',
    record: { method: 'password', ...by },
    ...(named.method === 'email' && { email: named.value }),
    ...(named.method === 'phone' && { phone: named.value }),
  });
}
