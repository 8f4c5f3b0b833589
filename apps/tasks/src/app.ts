import { defineConfig } from '@postern/config';
import { createReferences } from '@postern/database';
import { directory, referenceFields, references } from '@postern/proto';
import { bindReferences, createNeighbours, forgetDeleted } from '@postern/resource';
import { defineApp } from '@postern/service';
import { ADMINISTRATION_SETTINGS, createAdministration } from './administration/index.ts';
import { createAudit } from './audit/index.ts';
import * as events from './events/index.ts';
import { joinParts } from './feature.ts';

/** What others may refer to, and what refers to others. */
const MODELS = [events.eventReferable];

/** What happens without a person waiting: the audit log. */
export const tasks = defineApp({
  name: 'tasks',
  settings: defineConfig({ ...ADMINISTRATION_SETTINGS }),
  database: { entities: [events.Event], migrations: [...events.EVENT_MIGRATIONS] },
  build({ database: db, messaging: { outbox }, client, clock, contract, config }) {
    const local = createReferences({ models: MODELS, fields: referenceFields(contract.registry) });
    const neighbours = createNeighbours({
      clientOf: (app) => client(references.ReferenceServiceDefinition, app),
      contract,
    });
    const plain = { db, outbox, neighbours, local };
    return joinParts([
      { services: [bindReferences({ db, local })], consumers: [forgetDeleted('tasks', local)] },
      events.createEvents({ ...plain, clock }),
      { consumers: [createAudit()] },
      createAdministration({
        hosts: client(directory.HostServiceDefinition),
        clock,
        config,
        capabilities: () => [],
      }),
    ]);
  },
});
