import { createHash } from 'node:crypto';
import { handles, type JobHandler } from '@postern/jobs';
import type { Discovery } from './discovery.ts';
import { discoverBlueprints } from './instance.orders.ts';

export type DiscoveryJobDeps = {
  readonly discovery: Discovery;
  /** What tells this installation apart from others: the minute of the hour follows from it. */
  readonly installation: string;
};

/** Runs hourly, when the folder changes, and at the start, for the tenants that are behind. As a job of a tenant it is about that one alone. */
export function discoveryJob({ discovery, installation }: DiscoveryJobDeps): JobHandler {
  return handles(
    discoverBlueprints,
    async (_args, { tenant, signal }) => {
      const count = await discovery.run(tenant === '' ? undefined : [tenant], signal);
      return { messages: [`Successfully imported ${count} files.`] };
    },
    {
      description: 'Find blueprints and check if they need to be created in the database',
      schedule: { cron: `${minuteOf(installation)} * * * *` },
      task: 'blueprints_discovery',
    },
  );
}

/** Installations do not all look at the same minute. */
function minuteOf(installation: string): number {
  return createHash('sha256').update(`blueprints_discovery ${installation}`).digest().readUInt32BE() % 60;
}
