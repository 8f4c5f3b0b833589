import { DEFAULT_TENANT } from '@postern/database';
import { JOB_FAILED } from '@postern/jobs';
import { type EventContext, type Fact, fact } from '@postern/messaging';

/** A job that is given up. */
export type DeadLetter = {
  readonly id: string;
  readonly name: string;
  readonly tenant: string;
  readonly task: string;
  readonly uid: string;
  readonly attempts: number;
  readonly error: string;
};

/** The fact that a job failed for the last time, and where it belongs: jobs of the installation are a matter of the default tenant. */
export function jobFailed({ tenant, ...payload }: DeadLetter): { context: EventContext; fact: Fact } {
  return { context: { tenant: tenant || DEFAULT_TENANT }, fact: fact(JOB_FAILED, payload) };
}
