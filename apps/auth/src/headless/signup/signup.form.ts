import type { auth } from '@postern/proto';
import { domainProblems, LONGEST_USERNAME, type RuleProblem, usernameProblems } from '../../registration/index.ts';
import { email, type Field, type Fields, optional, optionalText, phone, text } from '../headless.fields.ts';
import type { HeadlessParts } from '../headless.parts.ts';
import { type Problem, problem } from '../headless.problems.ts';
import type { Visit } from '../headless.visit.ts';

const FIELDS = ['username', 'email', 'email2', 'phone', 'password'] as const;

/** A field of a sign-up. */
export type SignupField = (typeof FIELDS)[number];

/** What somebody gave; empty for what they left out. */
export type SignupValues = Readonly<Record<SignupField, string>>;

/** What was read of a field: what is wrong with it waits until it is known what is wrong with the others. */
type Reading = { readonly value: string; readonly problems: readonly Problem[] };

type Asked = { readonly name: SignupField; readonly isRequired: boolean };

/** The fields that a tenant asks for, the password last. `withPassword` is false for whoever signs up by passkey. */
export function askedFields(
  { signup_fields, email_verification }: Pick<auth.HeadlessSettings, 'signup_fields' | 'email_verification'>,
  withPassword: boolean,
): readonly Asked[] {
  const asked = signup_fields.map((field) => ({
    name: field.replace('*', '').replace('password1', 'password'),
    isRequired: field.endsWith('*'),
  }));
  // An account whose address has to be verified would be of no use without one.
  const isNeeded = (name: string) => name === 'email2' || (name === 'email' && email_verification === 'mandatory');
  const fields = FIELDS.flatMap((name) => {
    const one = asked.find((field) => field.name === name);
    return one === undefined || (name === 'password' && !withPassword)
      ? []
      : [{ name, isRequired: one.isRequired || isNeeded(name) }];
  });
  const order = (name: string) =>
    name === 'password' ? asked.length : asked.findIndex((field) => field.name === name);
  return fields.sort((one, other) => order(one.name) - order(other.name));
}

/** The form of a sign-up. */
export function signupForm({ settings }: Visit, withPassword: boolean): Fields {
  return Object.fromEntries(
    askedFields(settings, withPassword).map(({ name, isRequired }) => [name, read(fieldOf(name, isRequired))]),
  );
}

function fieldOf(name: SignupField, isRequired: boolean): Field<string> {
  if (name === 'email') return isRequired ? email() : optional(email());
  if (name === 'phone') return isRequired ? phone() : optional(phone());
  return isRequired ? text() : optionalText();
}

function read(field: Field<string>): Field<Reading> {
  return (raw, param) => {
    const found = field(raw, param);
    return { value: 'problems' in found ? { value: '', problems: found.problems } : { ...found, problems: [] } };
  };
}

/** What somebody gave, and all that is wrong with it, field by field, in the order of the fields. */
export async function judgeSignup(
  parts: HeadlessParts,
  visit: Visit,
  given: Readonly<Record<string, unknown>>,
  withPassword: boolean,
): Promise<{ readonly values: SignupValues; readonly problems: readonly Problem[] }> {
  const fields = askedFields(visit.settings, withPassword).map(({ name }) => ({ name, ...readingOf(given[name]) }));
  const textOf = (name: SignupField) => fields.find((field) => field.name === name)?.value ?? '';
  const [username, address, again] = [textOf('username'), textOf('email'), textOf('email2')];
  const values = { username, email: address, email2: again, phone: textOf('phone'), password: textOf('password') };
  const problems: Problem[] = [];
  for (const { name, value, problems: known } of fields) {
    problems.push(...known);
    if (known.length > 0 || value === '') continue;
    const found = await rulesOf(parts, visit, name, values);
    problems.push(...found.map((one) => ({ ...one, param: name })));
  }
  return { values, problems };
}

function readingOf(given: unknown): Reading {
  const { value = '', problems = [] }: Partial<Reading> = Object(given);
  return { value, problems };
}

/** What the rules of a kind say of a value that is there. */
async function rulesOf(
  parts: HeadlessParts,
  visit: Visit,
  name: SignupField,
  values: SignupValues,
): Promise<readonly RuleProblem[]> {
  const { tenant, settings } = visit;
  switch (name) {
    case 'username': {
      const wrong = usernameProblems(values.username);
      const isTooLong = values.username.length > LONGEST_USERNAME;
      if (wrong.length > 0 || isTooLong) return wrong;
      const isTaken = await parts.registration.isUsernameTaken(tenant, values.username);
      return isTaken ? [problem('username_taken')] : [];
    }
    case 'email': {
      const wrong = domainProblems(values.email, settings.signup_domains);
      if (wrong.length > 0 || !tellsOfAddresses(settings)) return wrong;
      return (await parts.mailboxes.holderOf(tenant, values.email)) ? [problem('email_taken')] : [];
    }
    case 'email2':
      if (values.email2.toLowerCase() === values.email) return [];
      return [{ code: '', message: 'You must type the same email each time.' }];
    case 'phone': {
      if (hidesNumbers(settings)) return [];
      const owner = values.phone === '' ? undefined : await parts.phones.find(tenant, values.phone);
      const isTaken = owner !== undefined && (owner.verified || !settings.phone_verification_enabled);
      return isTaken ? [{ code: '', message: problem('phone_taken').message }] : [];
    }
    case 'password':
      return parts.passwordProblems(values.password);
  }
}

/** Whether whoever signs up is told that somebody has an address: where nothing else keeps it from being two people's, or where a tenant minds nothing. */
export function tellsOfAddresses({ enumeration, email_verification }: auth.HeadlessSettings): boolean {
  return enumeration === 'allowed' || (enumeration !== 'strict' && email_verification !== 'mandatory');
}

/** Whether whoever signs up is not told that somebody has a number: they wait for a message like anybody. */
export function hidesNumbers({ enumeration, phone_verification_enabled }: auth.HeadlessSettings): boolean {
  return enumeration !== 'allowed' && phone_verification_enabled;
}
