import { defineEvent } from '@postern/messaging';
import { jobs } from '@postern/proto';

/** An app wants something done later. */
export const JOB_REQUESTED = defineEvent('jobs.v1.job.requested', jobs.JobRequested);
