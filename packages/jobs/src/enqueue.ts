/** Asking for jobs: they ride the outbox of the app that asks, and commit with its change. */

import { type EventContext, fact, type Outbox, type SqlExecutor } from '@postern/messaging';
import type { jobs as api } from '@postern/proto';
import { v7 } from 'uuid';
import { type JobOrder, requireLimits } from './job.definition.ts';
import { JOB_REQUESTED } from './job.event.ts';

/** Asks for jobs in the caller's transaction. */
export type Jobs = {
  /**
   * Asks for one job and returns its id. Its tenant is that of the context; none makes it a job of the installation. A rollback takes it back.
   * Throws TypeError for options out of range and for arguments that are no JSON object, RangeError for more than 400 KiB of them.
   */
  enqueue(sql: SqlExecutor, context: EventContext, order: JobOrder): Promise<string>;
  /** Asks for several at once and returns their ids, in their order. */
  enqueueAll(sql: SqlExecutor, context: EventContext, orders: readonly JobOrder[]): Promise<string[]>;
};

export type JobsDeps = {
  outbox: Outbox;
  /** Ids of the jobs: UUID version 7. */
  ids?: { next(): string };
};

const LONGEST_KEY = 200;
const LARGEST_ARGS = 400 * 1024;
/** What fits into one event, with room for all but the arguments. */
const MOST_PER_EVENT = 200;

/** Creates what an app asks for jobs with. */
export function createJobs({ outbox, ids = { next: () => v7() } }: JobsDeps): Jobs {
  async function enqueueAll(sql: SqlExecutor, context: EventContext, orders: readonly JobOrder[]): Promise<string[]> {
    const requests = orders.map((order) => requestOf(order, ids.next(), context.tenant ?? ''));
    const facts = eventsOf(requests).map((jobs) => fact(JOB_REQUESTED, { jobs }));
    await outbox.record(sql, context, facts);
    return requests.map(({ id }) => id);
  }

  return {
    enqueueAll,
    async enqueue(sql, context, order) {
      const [id = ''] = await enqueueAll(sql, context, [order]);
      return id;
    },
  };
}

/** An order as the event carries it. */
export function requestOf({ definition, args, options }: JobOrder, id: string, tenant: string): api.JobRequest {
  const { attempts = definition.attempts, backoff = definition.backoff, deadlineMs = definition.deadlineMs } = options;
  const { uniqueKey = '', startAfter, progressTotal = 0 } = options;
  requireLimits(definition.name, { attempts, backoff, deadlineMs });
  if (uniqueKey.length > LONGEST_KEY)
    throw new TypeError(`${definition.name}: a unique key has at most ${LONGEST_KEY} characters`);
  return {
    id,
    name: definition.name,
    tenant,
    args: jsonOf(definition.name, args),
    unique_key: uniqueKey,
    attempts,
    backoff_first_ms: backoff.firstMs,
    backoff_max_ms: backoff.maxMs,
    deadline_ms: deadlineMs,
    start_after: startAfter?.toISOString(),
    progress_total: progressTotal,
  };
}

function jsonOf(name: string, args: object): string {
  const text = JSON.stringify(args);
  if (!text?.startsWith('{')) throw new TypeError(`${name}: arguments are a JSON object`);
  if (/(?<!\\)(?:\\\\)*\\u0000/.test(text)) throw new TypeError(`${name}: arguments hold no NUL characters`);
  if (Buffer.byteLength(text) > LARGEST_ARGS)
    throw new RangeError(`${name}: arguments have more than ${LARGEST_ARGS} bytes`);
  return text;
}

/** Many small jobs share an event, so that a thousand of them are a few rows of the outbox. */
function eventsOf(requests: readonly api.JobRequest[]): api.JobRequest[][] {
  const events: api.JobRequest[][] = [];
  let bytes = 0;
  for (const request of requests) {
    const size = Buffer.byteLength(request.args);
    const open = events.at(-1);
    if (open && open.length < MOST_PER_EVENT && bytes + size <= LARGEST_ARGS) {
      open.push(request);
      bytes += size;
    } else {
      events.push([request]);
      bytes = size;
    }
  }
  return events;
}
