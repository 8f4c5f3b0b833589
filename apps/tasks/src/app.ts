import { defineConfig } from '@postern/config';
import { createReferences } from '@postern/database';
import { createEgress, EGRESS_SETTINGS } from '@postern/egress';
import { createGeo, GEO_SETTINGS } from '@postern/geo';
import { directory, jobs as jobsApi, referenceFields, references } from '@postern/proto';
import { bindReferences, createNeighbours, forgetDeleted, KEEPERS } from '@postern/resource';
import { defineApp } from '@postern/service';
import { ADMINISTRATION_SETTINGS, createAdministration, VERSION_MIGRATIONS } from './administration/index.ts';
import { AUDIT_MIGRATIONS, createAudit, rememberBrands } from './audit/index.ts';
import { backgroundTaskErrors, createBackgroundTasks } from './background-tasks/index.ts';
import { BLUEPRINTS, createBlueprints } from './blueprints/index.ts';
import * as events from './events/index.ts';
import { joinParts } from './feature.ts';
import { createFlowTransfer } from './flow-transfer/index.ts';
import { createJobEngine, JOB_MIGRATIONS, jobSettings, QUEUE_SCHEMA } from './jobs/index.ts';
import { createLoginMetrics } from './metrics/index.ts';
import { createTelling, TELLING } from './telling.app.ts';

/** What others may refer to, and what refers to others. */
const MODELS = [events.eventReferable, ...TELLING.models, ...BLUEPRINTS.models];

/** What happens without a person waiting: the audit log. */
export const tasks = defineApp({
  name: 'tasks',
  settings: defineConfig({
    ...ADMINISTRATION_SETTINGS,
    ...GEO_SETTINGS,
    ...TELLING.settings,
    ...BLUEPRINTS.settings,
    egress: defineConfig(EGRESS_SETTINGS),
    jobs: jobSettings,
  }),
  errors: [...BLUEPRINTS.errors, ...TELLING.errors, backgroundTaskErrors],
  database: {
    entities: [events.Event, ...TELLING.entities, ...BLUEPRINTS.entities],
    migrations: [
      ...events.EVENT_MIGRATIONS,
      ...AUDIT_MIGRATIONS,
      ...VERSION_MIGRATIONS,
      ...TELLING.migrations,
      ...BLUEPRINTS.migrations,
      ...JOB_MIGRATIONS,
    ],
    schemas: [QUEUE_SCHEMA],
  },
  build({
    database: db,
    messaging: { outbox },
    client,
    clock,
    contract,
    config,
    expressions,
    hosts,
    log,
    metrics,
    secrets,
  }) {
    const local = createReferences({ models: MODELS, fields: referenceFields(contract.registry) });
    const neighbours = createNeighbours({
      clientOf: (app) => client(references.ReferenceServiceDefinition, app),
      contract,
    });
    const geo = createGeo({ file: config.geoip.city, clock, log });
    const plain = { db, outbox, neighbours, local };
    const egress = createEgress({ allow: config.egress.allow });
    const telling = createTelling({ ...plain, client, clock, config, egress, expressions, log, secrets });
    const blueprints = createBlueprints({ ...plain, client, clock, config, contract, egress, hosts, log, secrets });
    const features = joinParts([
      { services: [bindReferences({ db, local })], consumers: [forgetDeleted('tasks', local)] },
      events.createEvents({ ...plain, clock, onStored: telling.onStored }),
      {
        services: [createLoginMetrics({ db, clock })],
        consumers: [createAudit({ geo, onStored: telling.onStored }), rememberBrands()],
      },
      { stop: () => egress.close() },
      telling,
      blueprints,
      createFlowTransfer({ ...blueprints, registry: contract.registry, client, clock }),
      createAdministration({
        db,
        egress,
        outbox,
        hosts: client(directory.HostServiceDefinition),
        settings: client(directory.TenantSettingsServiceDefinition),
        clock,
        config,
        capabilities: () => (geo.isLoaded() ? ['can_geo_ip'] : []),
      }),
    ]);
    const jobs = createJobEngine({
      ...{ db, outbox, log, metrics, clock },
      config: config.jobs,
      apps: Object.fromEntries(KEEPERS.map((app) => [app, client(jobsApi.JobServiceDefinition, app)])),
      handlers: features.jobs ?? [],
    });
    return { ...joinParts([features, jobs, createBackgroundTasks(jobs)]), local };
  },
});
