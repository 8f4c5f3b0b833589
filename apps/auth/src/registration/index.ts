/** Signing people up: what names, addresses and passwords have to look like, and the one place that makes an account for somebody. */

export { createPasswordProblems, type PasswordOwner, type PasswordProblems } from './password.rules.ts';
export {
  type Applicant,
  createRegistration,
  type Registered,
  type Registering,
  type Registration,
} from './registration.operations.ts';
export { RULES, type RuleProblem, tooLong } from './rule.problems.ts';
export { createUnfinishedAccounts } from './unfinished.accounts.ts';
export { domainProblems, LONGEST_USERNAME, namesFor, usernameProblems } from './user.names.ts';
