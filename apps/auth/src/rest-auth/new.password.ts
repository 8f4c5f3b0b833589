import type { StageAccount } from '../stages/index.ts';
import type { FormCheck } from './form.rules.ts';
import type { RestParts } from './rest.parts.ts';

const FIRST = 'new_password1';
const SECOND = 'new_password2';

/** A password as forms hold it: twice. */
export type TwicePassword = { readonly new_password1: string; readonly new_password2: string };

/** The password to have. Throws field errors: what is empty first, then what differs, then what is wrong with it for this user. */
export async function newPasswordOf(
  { passwordProblems }: Pick<RestParts, 'passwordProblems'>,
  check: FormCheck,
  given: TwicePassword,
  owner: StageAccount,
): Promise<string> {
  const password = check.text(FIRST, given.new_password1);
  const again = check.text(SECOND, given.new_password2);
  check.done();
  if (password === again) {
    const problems = await passwordProblems(password, owner);
    check.wrong(SECOND, ...problems.map(({ message }) => message));
  } else check.wrong(SECOND, 'The two password fields didn’t match.');
  check.done();
  return password;
}
