import type { Logger } from '@postern/observability';
import type { tasks } from '@postern/proto';
import { asService, type Client } from '@postern/rpc';

/** What the service of background work can do at the moment. Never rejects: what cannot be asked cannot be done. */
export type TasksCapabilities = (tenant: string) => Promise<readonly string[]>;

/** What it needs. */
export type TasksCapabilitiesDeps = {
  readonly client: Pick<Client<typeof tasks.SystemServiceDefinition>, 'listCapabilities'>;
  readonly clock: { now(): Date };
  readonly log: Pick<Logger, 'info'>;
};

/** How long an answer counts, in milliseconds: pages ask at every visit, a database of places comes and goes with a restart. */
const FRESH = 60_000;

/** How long the pages wait for it, in milliseconds. */
const PATIENCE = 1_000;

/** Creates the question; a failure counts as an answer, so that a service that is away costs one visitor a minute. */
export function createTasksCapabilities({ client, clock, log }: TasksCapabilitiesDeps): TasksCapabilities {
  let known: { until: number; answer: Promise<readonly string[]> } | undefined;

  async function ask(tenant: string): Promise<readonly string[]> {
    try {
      return (await client.listCapabilities({}, asService(tenant), { deadlineMs: PATIENCE })).capabilities;
    } catch (error) {
      log.info({ err: error }, 'tasks did not say what it can do');
      return [];
    }
  }

  return (tenant) => {
    const now = clock.now().getTime();
    if (!known || known.until <= now) known = { until: now + FRESH, answer: ask(tenant) };
    return known.answer;
  };
}
