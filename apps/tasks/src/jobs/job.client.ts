/** The jobs of the other apps: what they can do, and having it done. */

import { DEFAULT_TENANT } from '@postern/database';
import type { Outcome } from '@postern/jobs';
import type { jobs as api } from '@postern/proto';
import { asService, type Client } from '@postern/rpc';
import type { DeclaredKind } from './declared-kind.ts';
import type { HeldJob } from './job.queue.ts';

/** Asks one app about its jobs. */
export type JobClient = Client<typeof api.JobServiceDefinition>;

/** An app as the worker reaches it. */
export type JobApp = {
  readonly name: string;
  /** What it can do. Rejects when it does not answer. */
  kinds(): Promise<DeclaredKind[]>;
  /**
   * Has a job run. It never throws; `unreached` when the app does not answer. The app keeps the deadline. When the worker stops, the call ends with its
   * process, which tells the job to stop; the lease keeps others away until then.
   */
  run(job: HeldJob): Promise<Outcome | 'unreached'>;
};

export type JobAppDeps = { name: string; client: JobClient; now?: () => number };

const ANSWER_MS = 3_000;
/** An app that answered a moment ago is there. */
const FRESH_MS = 1_000;
/** What the app has beyond the deadline to say that it was missed. */
const LATE_MS = 5_000;

/** Creates the view on an app. */
export function createJobApp({ name, client, now = () => performance.now() }: JobAppDeps): JobApp {
  let answeredAt = Number.NEGATIVE_INFINITY;

  async function kinds(): Promise<DeclaredKind[]> {
    const { kinds: found } = await client.listJobs({}, asService(DEFAULT_TENANT), { deadlineMs: ANSWER_MS });
    answeredAt = now();
    return found.map(declaredOf);
  }

  /** Whether the attempt counts hangs on this: what fails once the app is known to be there has begun. */
  async function isThere({ attempt, attempts }: HeldJob): Promise<boolean> {
    if (attempt < attempts && now() - answeredAt < FRESH_MS) return true;
    return kinds().then(
      () => true,
      () => false,
    );
  }

  return {
    name,
    kinds,
    async run(job) {
      if (!(await isThere(job))) return 'unreached';
      const { id, name: kind, tenant, args, attempt, deadlineMs } = job;
      const request = { id, name: kind, tenant, args: JSON.stringify(args), attempt, deadline_ms: deadlineMs };
      try {
        const answer = await client.run(request, asService(tenant || DEFAULT_TENANT), {
          deadlineMs: deadlineMs + LATE_MS,
        });
        answeredAt = now();
        return outcomeOf(answer);
      } catch (error) {
        answeredAt = Number.NEGATIVE_INFINITY;
        return { ...FAILED, error: `${name} did not answer: ${error instanceof Error ? error.message : error}` };
      }
    },
  };
}

const FAILED: Outcome = { status: 'error', messages: [], error: '', task: '', uid: '', isFinal: false };
const STATUSES = ['successful', 'warning', 'error', 'unknown'] as const;

function outcomeOf({ status, messages, error, task, uid, final }: api.RunResponse): Outcome {
  const known = STATUSES.find((one) => one === status) ?? 'error';
  return { status: known, messages, error, task, uid, isFinal: final };
}

function declaredOf(kind: api.JobKind): DeclaredKind {
  const { name, description, task, visible, attempts } = kind;
  return {
    name,
    description,
    task,
    visible,
    attempts,
    backoffFirstMs: kind.backoff_first_ms,
    backoffMaxMs: kind.backoff_max_ms,
    deadlineMs: kind.deadline_ms,
    cron: kind.cron || null,
    everyMs: kind.every_ms || null,
  };
}
