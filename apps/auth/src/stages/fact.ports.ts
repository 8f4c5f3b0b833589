/** What stages tell. */

import type { FlowRequest, FlowTransaction, JsonObject } from '../plans/index.ts';

/** What a stage reports, besides what sessions and users report themselves. */
export type StageFact =
  | {
      readonly kind: 'login_failed';
      readonly username: string;
      /** Length of the password, never the password. */
      readonly passwordLength: number;
      readonly stage: { readonly pk: string | null; readonly name: string; readonly model: string };
      /** The class of the device whose answer was wrong, and what else there is to tell of it. */
      readonly device?: { readonly class: string; readonly details: JsonObject | undefined };
    }
  | {
      readonly kind: 'user_written';
      readonly user: number;
      readonly created: boolean;
      readonly fields: readonly string[];
    }
  | {
      readonly kind: 'consent_granted';
      readonly user: number;
      readonly application: string;
      readonly permissions: readonly string[];
      readonly expires?: Date;
      readonly stored: { readonly pk: number; readonly isNew: boolean };
      /** What the audit log calls the parties. */
      readonly names: { readonly application: string; readonly username: string };
    }
  | { readonly kind: 'invitation_used'; readonly invitation: string };

/** Writes facts to the outbox, in the transaction of the plan. */
export type StageFacts = {
  readonly record: (tx: FlowTransaction, fact: StageFact, request: FlowRequest) => Promise<void>;
};

/** What went wrong because of how a stage is set up: administrators read of it in the audit log. */
export type StageProblem = {
  readonly message: string;
  /** What found out, such as `authentik.stages.authenticator_sms`. */
  readonly app: string;
  /** What else helps. Nothing secret. */
  readonly details?: JsonObject;
};

/** Tells of problems at once, in a transaction of its own: they happened whatever becomes of the plan. */
export type StageProblems = { readonly tell: (request: FlowRequest, problem: StageProblem) => Promise<void> };
