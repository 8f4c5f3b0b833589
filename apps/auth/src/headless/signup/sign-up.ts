import type { Registered, Registering } from '../../registration/index.ts';
import { type Answer, bad, CONFLICT, FORBIDDEN } from '../headless.answer.ts';
import { type HeadlessOperation, operation } from '../headless.operation.ts';
import type { HeadlessParts } from '../headless.parts.ts';
import type { Login } from '../headless.state.ts';
import type { Visit } from '../headless.visit.ts';
import type { LoginStart } from '../login.pipeline.ts';
import { hidesNumbers, judgeSignup, type SignupValues, signupForm, tellsOfAddresses } from './signup.form.ts';

/** How a way of signing up differs from the usual one. */
export type SignupWay = {
  /** Whether the tenant has it. Default: it has. */
  readonly isServed?: (visit: Visit) => boolean;
  /** Whether a password is asked for. Default: where the tenant says so. */
  readonly withPassword?: boolean;
  /** What steps of the login remember from the start. */
  readonly memory?: Login['memory'];
};

/** Makes an account, and signs in to it as far as that goes. */
export function signUp(parts: HeadlessParts, way: SignupWay = {}): HeadlessOperation {
  const { isServed = () => true, withPassword = true, memory = {} } = way;
  return operation({
    isServed,
    limit: 'signup',
    form: (visit) => signupForm(visit, withPassword),
    async run(visit, given) {
      const { values, problems } = await judgeSignup(parts, visit, given, withPassword);
      if (problems.length > 0) return bad(...problems);
      if (visit.person) return CONFLICT;
      if (!visit.settings.signup_open) return FORBIDDEN;
      return register(parts, visit, values, { memory });
    },
  });
}

/** What is known of somebody new beside what they gave. */
export type Newcomer = {
  readonly memory?: Login['memory'];
  /** How they came. Default: by signing up. */
  readonly by?: string;
  readonly record?: LoginStart['record'];
  /** Name for people. */
  readonly name?: string;
  /** Whether it is believed that they read their address. Default: false. */
  readonly isVerified?: boolean;
  /** Called when the account will be theirs, with the visit that makes it so. */
  readonly onMade?: (registered: Registered) => void;
};

/** Makes an account of values that were judged, and signs in to it as far as that goes. */
export async function register(
  parts: HeadlessParts,
  visit: Visit,
  values: SignupValues,
  newcomer: Newcomer = {},
): Promise<Answer> {
  const { tenant, settings } = visit;
  const { memory = {}, by = '', record, name = '', isVerified = false, onMade } = newcomer;
  const { username, email, phone, password } = values;
  const named = { ...(email && { email }), ...(phone && { phone }) };
  const login = { by, ...(record && { record }), ...named, isSignup: true, memory };
  const applicant = {
    username,
    email,
    ...(phone && { phone }),
    password,
    name,
    isVerified,
    group: settings.signup_group,
    mayShareAddress: !isVerified && !tellsOfAddresses(settings) && settings.email_verification !== 'mandatory',
  };
  const isHeld = await isSomebodys(parts, visit, values);
  const pretended = isHeld ? await parts.registration.pretend(tenant, applicant) : undefined;
  const made = isHeld ? undefined : await parts.registration.register(tenant, applicant);
  if (made?.kind === 'registered') return goOn(parts, visit, made, login, onMade);
  if (made !== undefined && (made.field !== 'email' || tellsOfAddresses(settings)))
    return bad({ ...made.problem, param: made.field });
  // A login of nobody waits like that of somebody, and nothing passes.
  const canMove = pretended !== undefined && onMade === undefined;
  return parts.pipeline.begin(visit, {
    ...login,
    ...(canMove && { applicant: { ...applicant, password: '', ...pretended } }),
  });
}

/** Whether it is somebody's address, or number, which the answer must not tell. */
export async function isSomebodys(
  { mailboxes, phones, phoneMessages }: HeadlessParts,
  { tenant, settings }: Visit,
  { email, phone }: Pick<SignupValues, 'email' | 'phone'>,
): Promise<boolean> {
  const isHidden = settings.email_verification === 'mandatory' && !tellsOfAddresses(settings);
  const holder = isHidden && email !== '' ? await mailboxes.holderOf(tenant, email) : undefined;
  // A number that nobody has verified keeps nobody else from it, and none does where nothing could verify it.
  const isAsked = hidesNumbers(settings) && phone !== '' && (await phoneMessages.isServed(tenant));
  const owner = isAsked ? await phones.find(tenant, phone) : undefined;
  return holder !== undefined || owner?.verified === true;
}

async function goOn(
  { pipeline }: HeadlessParts,
  visit: Visit,
  { registered }: Registering & { readonly kind: 'registered' },
  login: LoginStart,
  onMade: Newcomer['onMade'],
): Promise<Answer> {
  visit.undo.push(registered.undo);
  const answer = await pipeline.begin(visit, { ...login, user: registered.account.pk });
  // What steps want done needs the account.
  if (answer.kind === 'plain') {
    await registered.undo();
    return answer;
  }
  visit.effects.unshift(registered.keep);
  onMade?.(registered);
  return answer;
}
