import type { EntityManager } from '@postern/database';
import type { auth, directory } from '@postern/proto';
import type { OAuth2Client } from '../../clients/index.ts';
import type { PendingAuthorization } from './authorization.ts';

/** Who passed the flow. */
export type SignedIn = {
  readonly session: string;
  readonly user: directory.UserFacts;
  /** Who really is signed in, while they act as the user. */
  readonly impersonator: directory.UserFacts | undefined;
  readonly authTime: Date;
  readonly amr: readonly string[];
};

/** An authorization whose flow is passed. */
export type Passed = {
  readonly details: PendingAuthorization;
  readonly client: OAuth2Client;
  readonly signedIn: SignedIn;
  /** They do not want to. */
  readonly isDeclined?: boolean;
  /** Uses the request up, in the transaction of the answer. False answers nothing. */
  readonly claim: (em: EntityManager) => Promise<boolean>;
};

/** Who is signed in to a session; undefined for nobody. */
export function signedInOf(facts: auth.SessionFacts | undefined): SignedIn | undefined {
  if (!facts?.user || facts.auth_time === undefined) return undefined;
  const { session, user, impersonator, auth_time, amr } = facts;
  return { session, user, impersonator, authTime: new Date(auth_time), amr };
}
