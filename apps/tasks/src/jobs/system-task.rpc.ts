import { type Database, DEFAULT_TENANT } from '@postern/database';
import { common } from '@postern/errors';
import { tasks as api } from '@postern/proto';
import { type BoundService, bind, type Call, requireAccess } from '@postern/rpc';
import type { JobQueue } from './job.queue.ts';
import { jobKindsIn } from './job-kind.repository.ts';
import { plainJob } from './schedule.ticker.ts';
import type { SystemTasks } from './system-task.repository.ts';
import { type TaskEntry, type TaskPart, taskEntries } from './system-task.view.ts';

export type SystemTaskRpcDeps = {
  tasks: SystemTasks;
  db: Pick<Database, 'system'>;
  queue: Pick<JobQueue, 'store'>;
  /** When the process began. */
  since: Date;
};

/** What the installation does by itself, and doing it again. */
export function bindSystemTasks({ tasks, db, queue, since }: SystemTaskRpcDeps): BoundService {
  async function entries({ context: { tenant } }: Call): Promise<TaskEntry[]> {
    const [kinds, runs] = await Promise.all([tasks.kinds(), tasks.runs(tenant)]);
    return taskEntries({ tenant, kinds, runs, since });
  }

  async function find(id: string, call: Call): Promise<TaskEntry> {
    const entry = (await entries(call)).find(({ name }) => name === id);
    if (!entry) throw common.NOT_FOUND();
    return entry;
  }

  /** Asks for the jobs behind an entry again. False when no app does any of them. */
  async function again(parts: readonly TaskPart[]): Promise<boolean> {
    return db.system(async (em) => {
      const kinds = new Map((await jobKindsIn(em).all()).map((kind) => [kind.name, kind]));
      const jobs = parts.flatMap(({ job, tenant, args }) => {
        const kind = kinds.get(job);
        // What a schedule asks for is not doubled by hand.
        const uniqueKey = tenant === '' ? 'schedule' : '';
        return kind ? [{ ...plainJob(kind), tenant, args, uniqueKey }] : [];
      });
      if (jobs.length > 0) await queue.store(em, jobs);
      return jobs.length > 0;
    });
  }

  return bind(api.SystemTaskServiceDefinition, {
    listSystemTasks: async (_request, call) => ({ items: (await entries(call)).map(encode) }),
    getSystemTask: async ({ id }, call) => encode(await find(id, call)),
    async retrySystemTask({ id }, call) {
      const { tenant, principal } = call.context;
      requireAccess({ kind: 'permission', permission: 'authentik_rbac.view_system_tasks' }, principal);
      const { parts } = await find(id, call);
      const isOwn = tenant === DEFAULT_TENANT || parts.every((part) => part.tenant === tenant);
      if (!isOwn) throw common.PERMISSION_DENIED();
      // The contract wants no words for it.
      if (!(await again(parts))) call.response.status(500);
      return {};
    },
  });
}

function encode({ name, description, finishedAt, seconds, status, messages }: TaskEntry): api.SystemTask {
  return {
    task_name: name,
    task_description: description,
    task_finish_timestamp: finishedAt.toISOString(),
    task_duration: Math.ceil(seconds),
    status,
    messages: [...messages],
  };
}
