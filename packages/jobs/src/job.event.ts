import { defineEvent } from '@postern/messaging';
import { jobs } from '@postern/proto';

/** An app wants things done later. */
export const JOB_REQUESTED = defineEvent('jobs.v1.job.requested', jobs.JobRequested);

/** A job failed for the last time and is a dead letter. */
export const JOB_FAILED = defineEvent('jobs.v1.job.failed', jobs.JobFailed);
