import { tasks } from '@postern/proto';
import { type BoundService, bind, type Call } from '@postern/rpc';
import type { JobPageRequest, JobQueries, JobSelection } from '../jobs/index.ts';
import { encodeFailed, encodePending, encodeScheduled } from './background-task.codec.ts';
import { backgroundTaskErrors } from './background-task.errors.ts';
import { readSelection, type SelectionRules } from './task.selection.ts';

const PENDING: SelectionRules = {
  key: /^\d{1,15}$/,
  fields: { id: 'number', pk: 'number', task_id: 'id', func: 'name', name: 'name', lock: 'created' },
};

const FAILED: SelectionRules = {
  key: /^[0-9a-f]{32}$/i,
  fields: {
    id: 'id',
    pk: 'id',
    func: 'name',
    name: 'name',
    started: 'started',
    stopped: 'stopped',
    attempt_count: 'attempt',
    success: 'success',
  },
};

const FAILED_ORDER = { pk: 'id', func: 'name', started: 'started', stopped: 'stopped' } as const;
const SCHEDULED_ORDER = { pk: 'number', func: 'name', last_run: 'last_run', next_run: 'next_run' } as const;

/** Shows jobs to clients of the background task API, which page by limit and offset and delete in bulk. */
export function createBackgroundTaskRpc(queries: JobQueries): BoundService {
  return bind(tasks.BackgroundTaskServiceDefinition, {
    async getTaskOverview(_request, { context: { tenant } }) {
      const [{ waiting, scheduled, failed }, isRunning] = await Promise.all([
        queries.counts(tenant),
        queries.isRunning(),
      ]);
      return { is_running: isRunning, pending_tasks: waiting, scheduled_tasks: scheduled, failed_tasks: failed };
    },

    async listPendingTasks(request, { context: { tenant } }) {
      const { count, rows } = await queries.listWaiting(tenant, pageOf(request));
      return { count, results: rows.map(encodePending) };
    },

    async listFailedTasks(request, { context: { tenant } }) {
      const { count, rows } = await queries.listFailed(tenant, pageOf(request, FAILED_ORDER));
      return { count, results: rows.map(encodeFailed) };
    },

    async listScheduledTasks(request) {
      const { count, rows } = await queries.listScheduled(pageOf(request, SCHEDULED_ORDER));
      return { count, results: rows.map(encodeScheduled) };
    },

    deletePendingTasks: (request, call) =>
      remove(request, call, PENDING, (selection) => queries.deleteWaiting(call.context.tenant, selection)),

    deleteFailedTasks: (request, call) =>
      remove(request, call, FAILED, (selection) => queries.deleteFailed(call.context.tenant, selection)),
  });
}

/** Deletes what is selected, or says why nothing is. */
async function remove(
  { selection = { items: undefined, filters: undefined }, all }: tasks.DeleteTasksRequest,
  { context: { client } }: Call,
  rules: SelectionRules,
  deleteSelected: (selection: JobSelection) => Promise<number>,
): Promise<tasks.DeleteTasksResponse> {
  // A query that names the parameter and gives it no value means yes; the gateway takes it for absent.
  const word = all ?? new URLSearchParams(client.query).get('all') ?? undefined;
  const count = await deleteSelected(readSelection({ ...selection, all: word }, rules));
  if (count === 0) throw backgroundTaskErrors.TASKS_NOT_FOUND();
  return { success: `Deleted ${count} items` };
}

type Asked = {
  readonly limit: number;
  readonly offset: number;
  readonly ordering?: string;
  readonly search?: string;
};

/** Without a limit everything is meant. */
const EVERYTHING = Number.MAX_SAFE_INTEGER;

/** The words of a search: apart by blanks or commas, but for what stands in quotes. */
function wordsOf(search: string): string[] {
  return [...search.matchAll(/"([^"]+)"|[^\s,"]+/g)].map(([word, quoted]) => quoted ?? word);
}

/** The page that is asked for; names of fields that cannot be ordered by are left out. */
function pageOf<Field extends string = never>(
  { limit, offset, ordering = '', search = '' }: Asked,
  order: Readonly<Record<string, Field>> = {},
): JobPageRequest<Field> {
  const fields = ordering.split(',').flatMap((text): (Field | `-${Field}`)[] => {
    const name = text.trim().replace(/^-/, '');
    const field = Object.hasOwn(order, name) ? order[name] : undefined;
    if (field === undefined) return [];
    return [text.trim().startsWith('-') ? `-${field}` : field];
  });
  const isPaged = limit > 0;
  return {
    limit: isPaged ? limit : EVERYTHING,
    offset: isPaged ? offset : 0,
    ordering: fields,
    words: wordsOf(search),
  };
}
