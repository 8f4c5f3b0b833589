import { defineConfig } from '@postern/config';
import { createReferences } from '@postern/database';
import { directory, referenceFields, references } from '@postern/proto';
import { bindReferences, createNeighbours, forgetDeleted } from '@postern/resource';
import { defineApp } from '@postern/service';
import { ADMINISTRATION_SETTINGS, createAdministration } from './administration/index.ts';
import { AUDIT_MIGRATIONS, createAudit, rememberBrands } from './audit/index.ts';
import * as events from './events/index.ts';
import { joinParts } from './feature.ts';
import { createGeo, GEO_SETTINGS } from './geo/index.ts';
import { createLoginMetrics } from './metrics/index.ts';

/** What others may refer to, and what refers to others. */
const MODELS = [events.eventReferable];

/** What happens without a person waiting: the audit log. */
export const tasks = defineApp({
  name: 'tasks',
  settings: defineConfig({ ...ADMINISTRATION_SETTINGS, ...GEO_SETTINGS }),
  database: { entities: [events.Event], migrations: [...events.EVENT_MIGRATIONS, ...AUDIT_MIGRATIONS] },
  build({ database: db, messaging: { outbox }, client, clock, contract, config, log }) {
    const local = createReferences({ models: MODELS, fields: referenceFields(contract.registry) });
    const neighbours = createNeighbours({
      clientOf: (app) => client(references.ReferenceServiceDefinition, app),
      contract,
    });
    const geo = createGeo({ file: config.geoip.city, clock, log });
    const plain = { db, outbox, neighbours, local };
    return joinParts([
      { services: [bindReferences({ db, local })], consumers: [forgetDeleted('tasks', local)] },
      events.createEvents({ ...plain, clock }),
      { services: [createLoginMetrics({ db, clock })], consumers: [createAudit({ geo }), rememberBrands()] },
      createAdministration({
        hosts: client(directory.HostServiceDefinition),
        clock,
        config,
        capabilities: () => (geo.isLoaded() ? ['can_geo_ip'] : []),
      }),
    ]);
  },
});
