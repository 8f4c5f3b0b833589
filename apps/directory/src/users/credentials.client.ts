import { PosternError } from '@postern/errors';
import type { auth, directory } from '@postern/proto';
import { asService, type Call, type Client } from '@postern/rpc';
import { userErrors } from './user.errors.ts';

/** A token for the account of a program. */
export type NewToken = {
  readonly user: directory.UserFacts;
  readonly identifier: string;
  /** When it ends; 360 days from now where none is given. */
  readonly expires: string | undefined;
  readonly expiring: boolean;
};

/** Passwords and tokens of users, which `auth` keeps. */
export type Credentials = {
  /** Sets a password and ends the user's sessions but one. */
  setPassword(user: directory.UserFacts, password: string, keepSession: string, call: Call): Promise<void>;
  /** Creates an app password; answers its secret. Throws SERVICE_ACCOUNT_TOKEN_TAKEN. */
  createToken(token: NewToken, call: Call): Promise<string>;
};

/** Creates what asks `auth`, in the name of the directory. */
export function createCredentials(client: Client<auth.CredentialServiceDefinition>): Credentials {
  return {
    async setPassword(user, password, keep_session, call) {
      await client.setUserPassword({ user, password, keep_session }, asService(call.context.tenant, call));
    },
    async createToken(token, call) {
      const { key } = await client.createServiceToken(token, asService(call.context.tenant, call)).catch(whenTaken);
      return key;
    },
  };
}

function whenTaken(error: unknown): never {
  const isTaken = error instanceof PosternError && error.reason === 'TOKEN_IDENTIFIER_TAKEN';
  throw isTaken ? userErrors.SERVICE_ACCOUNT_TOKEN_TAKEN({}, { cause: error }) : error;
}
