/**
 * The background task API: the jobs of `jobs` as its clients know them, who page by limit and offset, and delete in bulk by keys and
 * filters. What is wrong with a request is told before anything is deleted.
 */

import type { AppParts } from '@postern/service';
import type { JobQueries } from '../jobs/index.ts';
import { createBackgroundTaskRpc } from './background-task.rpc.ts';

export { backgroundTaskErrors } from './background-task.errors.ts';

/** The background task API over the job queue. */
export function createBackgroundTasks({ queries }: { queries: JobQueries }): AppParts {
  return { services: [createBackgroundTaskRpc(queries)] };
}
