import type { Database } from '@postern/database';
import { directory, type Operation } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import type { Brands } from '../brands/index.ts';
import type { Settings } from '../settings/index.ts';
import type { TasksCapabilities } from './tasks-capabilities.client.ts';

/** Seconds that the pages may believe things to be cached; nothing here depends on it. */
const CACHE_SECONDS = 300;

/** What the services need. */
export type ConfigurationDeps = {
  readonly db: Pick<Database, 'read'>;
  readonly settings: Settings;
  readonly brands: Pick<Brands, 'titleOf'>;
  /** Everything that is served, by this service and the others. */
  readonly operations: readonly Operation[];
  readonly tasksCapabilities: TasksCapabilities;
};

/**
 * Answers what this installation can do, in the contract's order. A capability stands here when its operations exist and nobody has
 * switched them off: a page must not offer what would fail. Errors are reported to nobody.
 */
export function bindConfiguration(deps: ConfigurationDeps): BoundService[] {
  const { db, settings, brands, operations, tasksCapabilities } = deps;
  const served = new Set(operations.map(({ rest }) => rest.operation_id));
  const mayImpersonate = served.has('core_users_impersonate_create');
  const hasLicences = served.has('enterprise_license_summary_retrieve');
  return [
    bind(directory.ConfigServiceDefinition, {
      async getConfig(_request, { context }) {
        const { impersonation } = await db.read(context, (em) => settings.read(em));
        const ofTasks = await tasksCapabilities(context.tenant);
        return {
          error_reporting: NOBODY,
          capabilities: [
            'can_save_media',
            ...(ofTasks.includes('can_geo_ip') ? ['can_geo_ip'] : []),
            ...(mayImpersonate && impersonation ? ['can_impersonate'] : []),
            ...(hasLicences ? ['is_enterprise'] : []),
          ],
          cache_timeout: CACHE_SECONDS,
          cache_timeout_flows: CACHE_SECONDS,
          cache_timeout_policies: CACHE_SECONDS,
          cache_timeout_reputation: CACHE_SECONDS,
        };
      },
    }),
    bind(directory.HostServiceDefinition, {
      describeHost: (_request, { context }) =>
        db.read(context, async (em) => ({ brand: await brands.titleOf(em, context.client.host) })),
    }),
  ];
}

const NOBODY: directory.ErrorReportingConfig = {
  enabled: false,
  sentry_dsn: '',
  environment: 'customer',
  send_pii: false,
  traces_sample_rate: 0,
};
