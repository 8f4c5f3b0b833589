/**
 * Accounts: what this service keeps of the users of the directory, and the question whether one of them may be signed in. Every
 * credential, token and session hangs off an account, so that deleting a user deletes them.
 */

export { type AccountConsumerDeps, followUsers, type UserContext } from './account.consumer.ts';
export { Account, type AccountRow } from './account.entity.ts';
export { accountErrors } from './account.errors.ts';
export { type AccountFinderDeps, createAccountFinder } from './account.finder.ts';
export { ACCOUNT_MIGRATIONS } from './account.migrations.ts';
export { type AccountFacts, accountsIn } from './account.repository.ts';
export { impersonationErrors, requireThemselves } from './impersonation.errors.ts';
export { createRightsGuard, type RightsGuard, requireSuperuser } from './rights.guard.ts';
export { createStatusGate, type Standing, type StatusGate } from './status.gate.ts';
export { createUsers, type Users, type UsersDeps } from './users.client.ts';
