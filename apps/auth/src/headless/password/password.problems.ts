import type { StageAccount } from '../../stages/index.ts';
import type { HeadlessParts } from '../headless.parts.ts';
import type { Problem } from '../headless.problems.ts';

/** What is wrong with a new password of somebody, as problems of the field that holds it. */
export async function passwordProblemsOf(
  { passwordProblems }: Pick<HeadlessParts, 'passwordProblems'>,
  owner: StageAccount,
  password: string,
  param: string,
): Promise<readonly Problem[]> {
  const found = await passwordProblems(password, owner);
  return found.map(({ message, code }) => ({ message, code, param }));
}
