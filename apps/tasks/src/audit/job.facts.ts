import { jobs } from '@postern/proto';
import { type FactReader, reads } from './fact.reader.ts';

/** Jobs by which events reach people: an event about their failure would ask for the next of them. */
const OF_EVENTS = new Set(['tasks.judge_events', 'tasks.deliver_notification', 'tasks.send_mail']);

/** Jobs that are given up. */
export const JOB_FACTS: Readonly<Record<string, FactReader>> = {
  'postern.jobs.v1.JobFailed': reads(jobs.JobFailed, ({ name, task, uid, error }) => {
    if (OF_EVENTS.has(name)) return undefined;
    const shown = [task || name, ...(uid ? [uid] : [])].join(':');
    return {
      action: 'system_task_exception',
      app: 'authentik.events.monitored_tasks',
      context: { message: `Task ${shown} encountered an error: ${error}` },
    };
  }),
};
