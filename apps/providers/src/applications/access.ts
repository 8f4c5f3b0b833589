import type { auth } from '@postern/proto';
import type { Call } from '@postern/rpc';
import type { ApplicationRow } from './application.entity.ts';

/** What policies say about somebody and an application. */
export type AccessAnswer = {
  readonly passing: boolean;
  /** What the policies say to the person. */
  readonly messages: readonly string[];
  /** What each binding said: for administrators. Empty where nothing is bound. */
  readonly trace?: readonly auth.PolicyTrace[];
};

/** Who wants to open what. */
export type AccessQuestion = {
  readonly tenant: string;
  readonly application: Pick<ApplicationRow, 'pk' | 'name' | 'slug' | 'policyEngineMode'>;
  /** Key of the user; undefined for somebody who has no account. */
  readonly user: number | undefined;
  /** What the policies may look at besides. */
  readonly context: Readonly<Record<string, unknown>>;
  /** Nobody stands at the door, somebody only wants to know: the audit log is told of no denial. Default: false. */
  readonly isTrial?: boolean;
};

/** The policies of applications, wherever they are evaluated. */
export type ApplicationAccess = {
  /** Keys of the applications that policies keep the caller from opening. */
  hidden(call: Call): Promise<readonly string[]>;
  /** Whether somebody may open an application. What cannot be found out is refused, or throws. */
  check(question: AccessQuestion, call?: Call): Promise<AccessAnswer>;
};
