/** Who users are at other identity providers: one account there is one user here. Decision 231. */

export { SocialAccount } from './social-account.entity.ts';
export { socialAccountErrors } from './social-account.errors.ts';
export { disconnected } from './social-account.events.ts';
export { SOCIAL_ACCOUNT_MIGRATIONS } from './social-account.migrations.ts';
export { disconnectAll } from './social-account.repository.ts';
export { bindSocialAccounts, socialAccountReferable } from './social-account.rpc.ts';
