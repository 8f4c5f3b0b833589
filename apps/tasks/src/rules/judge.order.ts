import { defineJob, type JobOrder, job } from '@postern/jobs';

/** Finds out whom the events of a tenant concern that no rule was asked about yet. A login service that cannot be reached delays it. */
export const judgeEvents = defineJob({
  name: 'tasks.judge_events',
  attempts: 1_000,
  backoff: { firstMs: 1_000, maxMs: 30_000 },
  deadlineMs: 300_000,
});

/** How long events wait for others, so that they are judged together. Milliseconds. */
export const COMPANY_MS = 200;

/** Has somebody look for events: in a moment, or after a pause in milliseconds. */
export function orderToJudge(now: Date, pauseMs = COMPANY_MS): JobOrder {
  return job(judgeEvents, {}, { startAfter: new Date(now.getTime() + pauseMs) });
}
