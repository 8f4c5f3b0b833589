import type { Call } from '@postern/rpc';
import type { ApplicationRow } from './application.entity.ts';

/** What policies say about somebody and an application. */
export type AccessAnswer = { readonly passing: boolean; readonly messages: readonly string[] };

/** Who wants to open what. */
export type AccessQuestion = {
  readonly tenant: string;
  readonly application: Pick<ApplicationRow, 'pk' | 'name' | 'slug' | 'policyEngineMode'>;
  readonly user: number;
  /** What the policies may look at besides. */
  readonly context: Readonly<Record<string, unknown>>;
};

/** The policies of applications, wherever they are evaluated. */
export type ApplicationAccess = {
  /** Keys of the applications that policies keep the caller from opening. */
  hidden(call: Call): Promise<readonly string[]>;
  /** Whether a user may open an application. */
  check(question: AccessQuestion, call: Call): Promise<AccessAnswer>;
};

/** Everyone may open everything: the answer for applications that no policy is bound to. */
export const openAccess: ApplicationAccess = {
  hidden: async () => [],
  check: async () => ({ passing: true, messages: [] }),
};
