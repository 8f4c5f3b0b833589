/**
 * Uploaded pictures: taken in, kept in the database or in an object store (`POSTERN_MEDIA__S3__*`), and served under addresses of ours, so that
 * nothing in them runs and no other tenant sees them. Decision 208.
 */

import { createEgress } from '@postern/egress';
import { createJobs, type JobHandler } from '@postern/jobs';
import type { Outbox } from '@postern/messaging';
import type { Logger } from '@postern/observability';
import { createIconStore, type IconStore, type IconStoreDeps } from './icon.store.ts';
import { s3SettingsOf } from './media.settings.ts';
import { createRemoveObjectJob } from './remove-object.job.ts';
import { createS3Store } from './s3.store.ts';

export { APPLICATION_ICONS, type IconStore } from './icon.store.ts';
export { mediaErrors } from './media.errors.ts';
export { mediaMigrations } from './media.migrations.ts';
export { createMediaRpc } from './media.rpc.ts';
export { MEDIA_SETTINGS } from './media.settings.ts';

export type MediaDeps = Pick<IconStoreDeps, 'db'> & {
  readonly settings: { readonly s3: Parameters<typeof s3SettingsOf>[0] };
  readonly outbox: Outbox;
  readonly log: Logger;
};

/** The operator chose the endpoint, not a person: it may lie anywhere. */
const ANYWHERE = ['0.0.0.0/0', '::/0'];

/** Creates what keeps pictures, and the jobs that it asks for. Throws for settings that are incomplete. */
export function createMedia({ db, settings, outbox, log }: MediaDeps): { icons: IconStore; jobs: JobHandler[] } {
  const s3 = s3SettingsOf(settings.s3);
  const objects = s3 && createS3Store({ settings: s3, egress: createEgress({ allow: ANYWHERE }), log });
  const icons = createIconStore({ db, objects, jobs: createJobs({ outbox }) });
  return { icons, jobs: [createRemoveObjectJob(objects)] };
}
