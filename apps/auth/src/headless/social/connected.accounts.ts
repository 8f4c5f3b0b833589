import { common, PosternError } from '@postern/errors';
import type { directory } from '@postern/proto';
import { asService } from '@postern/rpc';
import type { HeadlessEngine } from '../headless.parts.ts';
import type { Visit } from '../headless.visit.ts';
import type { Provider } from './provider.list.ts';
import type { Identity } from './social.state.ts';

/** An account elsewhere, by name. */
export type AccountName = { readonly source: string; readonly uid: string };

/** Accounts elsewhere that people of the directory have connected. */
export type ConnectedAccounts = {
  of(tenant: string, user: number): Promise<readonly directory.SocialAccount[]>;
  /** Who has connected an account; with `isUsed` they sign in by it now. */
  ownerOf(tenant: string, name: AccountName, isUsed?: boolean): Promise<directory.UserFacts | undefined>;
  /** Connects an account, or keeps it up to date; false when it is somebody else's. */
  connect(tenant: string, user: number, identity: Identity): Promise<boolean>;
  /** Disconnects one, unless it is the last of these sources (none: whichever it is). */
  disconnect(
    tenant: string,
    user: number,
    name: AccountName,
    keepOneOf: readonly string[],
  ): Promise<'done' | 'unknown' | 'last'>;
  /** Tells somebody by mail what became of their account, where the tenant wants that. */
  tell(visit: Visit, to: string, kind: 'social_connected' | 'social_disconnected', provider: Provider): void;
};

const LONGEST_DISPLAY = 255;

/** Creates them. */
export function createConnectedAccounts({
  socialAccounts,
  notices,
}: Pick<HeadlessEngine, 'socialAccounts' | 'notices'>): ConnectedAccounts {
  return {
    of: async (tenant, user) => (await socialAccounts.listSocialAccounts({ user }, asService(tenant))).accounts,
    ownerOf: async (tenant, { source, uid }, used = false) =>
      (await socialAccounts.findBySocialAccount({ source, uid, used }, asService(tenant))).user,
    async connect(tenant, user, identity) {
      const { source, uid, claims: details } = identity;
      const account = { user, source, uid, display: displayOf(identity), details };
      try {
        await socialAccounts.connectSocialAccount({ account }, asService(tenant));
        return true;
      } catch (error) {
        if (error instanceof PosternError && error.reason === 'SOCIAL_ACCOUNT_TAKEN') return false;
        throw error;
      }
    },
    async disconnect(tenant, user, { source, uid }, keepOneOf) {
      try {
        const request = { user, source, uid, keep_one_of: [...keepOneOf] };
        await socialAccounts.disconnectSocialAccount(request, asService(tenant));
        return 'done';
      } catch (error) {
        if (common.NOT_FOUND.is(error)) return 'unknown';
        if (error instanceof PosternError && error.reason === 'SOCIAL_ACCOUNT_LAST') return 'last';
        throw error;
      }
    },
    tell({ tenant, client, settings, now, effects }, to, kind, { name }) {
      if (!settings.email_notifications || to === '') return;
      const subject = { name: 'Service', value: name };
      effects.push((tx) => notices.tell(tx, { tenant, kind, to, client, at: now, subject }));
    },
  };
}

/** What people know an account by; empty where the other side says nothing. */
export function displayOf({ username, email, name }: Identity): string {
  return (username || email || name).slice(0, LONGEST_DISPLAY);
}
