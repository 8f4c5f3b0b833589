import type { Database } from '@postern/database';
import type { Egress } from '@postern/egress';
import { defineJob, handles, type JobHandler, type JobResult } from '@postern/jobs';
import { storeLatestVersion } from './latest-version.repository.ts';
import { isVersion } from './version.order.ts';

/** What looking for later versions needs. */
export type LatestVersionDeps = {
  readonly db: Pick<Database, 'system'>;
  readonly egress: Pick<Egress, 'call'>;
  /** Document to ask: `{"stable": {"version": "1.2.3"}}`. Without one, nobody is asked. */
  readonly address: string | undefined;
};

const UPDATE = defineJob({ name: 'tasks.update_latest_version', attempts: 2, deadlineMs: 30_000 });
const LARGEST = 64 * 1024;

/** The job that asks for the latest version, where the operator has said whom. */
export function createLatestVersionJob({ db, egress, address }: LatestVersionDeps): JobHandler {
  async function update(_args: object, { signal }: { signal: AbortSignal }): Promise<JobResult> {
    if (address === undefined) return { messages: ['Version check disabled.'], status: 'warning' };
    const { status, body } = await egress.call(address, { signal, maxBytes: LARGEST, redirects: 3 });
    if (status !== 200) throw new Error(`the document of versions answered ${status}`);
    await storeLatestVersion(db, versionOf(body.toString()));
    return { messages: ['Successfully updated latest Version'] };
  }

  return handles(UPDATE, update, {
    description: 'Update latest version info',
    schedule: { cron: '23 * * * *' },
    task: 'update_latest_version',
  });
}

function versionOf(text: string): string {
  const document: unknown = JSON.parse(text);
  const stable: unknown = memberOf(document, 'stable');
  const version = memberOf(stable, 'version');
  if (typeof version !== 'string' || !isVersion(version)) throw new Error('the document of versions names none');
  return version;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
