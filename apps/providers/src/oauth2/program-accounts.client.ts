import { PosternError } from '@postern/errors';
import type { auth, directory } from '@postern/proto';
import { asService, type Call, type Client } from '@postern/rpc';

/** App passwords, asked from the login service. */
export type AppPasswords = {
  /** Undefined for one that is unknown, over, or somebody else's. */
  find(username: string, key: string, call: Call): Promise<{ user: number; identifier: string } | undefined>;
};

/** An account that stands for a program. */
export type ProgramAccount = {
  /** Whose it is: no account of another owner is ever handed out, whatever it is called. */
  readonly owner: string;
  readonly username: string;
  readonly name: string;
  readonly path: string;
  /** When the account goes, where it is made now. */
  readonly expires?: Date;
  /** Whether this counts as a sign-in. */
  readonly signedIn?: boolean;
};

/** Accounts of programs, kept by the directory. */
export type ProgramAccounts = {
  /** Key of the user. Undefined when somebody else has the name. */
  keep(account: ProgramAccount, call: Call): Promise<number | undefined>;
};

/** Creates the question for app passwords. */
export function createAppPasswords(client: Client<auth.AppPasswordServiceDefinition>): AppPasswords {
  return {
    async find(username, key, call) {
      if (username === '' || key === '' || username.length > 255 || key.length > 4_096) return undefined;
      const origin = asService(call.context.tenant, call);
      const found = await client.findAppPassword({ username, key }, origin).catch(unless('NOT_FOUND'));
      return found && { user: found.user, identifier: found.identifier };
    },
  };
}

/** Creates the keeper of accounts. */
export function createProgramAccounts(client: Client<directory.ServiceAccountServiceDefinition>): ProgramAccounts {
  return {
    async keep({ owner, username, name, path, expires, signedIn = false }, call) {
      const request = { owner, username, name, path, expires: expires?.toISOString(), signed_in: signedIn };
      const origin = asService(call.context.tenant, call);
      const kept = await client.keepServiceAccount(request, origin).catch(unless('SERVICE_ACCOUNT_NAME_TAKEN'));
      return kept?.user;
    },
  };
}

/** Takes one refusal for an answer. */
function unless(reason: string) {
  return (error: unknown): undefined => {
    if (error instanceof PosternError && error.reason === reason) return undefined;
    throw error;
  };
}
