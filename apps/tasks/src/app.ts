import { defineConfig } from '@postern/config';
import { createReferences, referable } from '@postern/database';
import { referenceFields } from '@postern/proto';
import { bindReferences } from '@postern/resource';
import { defineApp } from '@postern/service';
import { createAudit } from './audit/index.ts';
import { createEventRpc, createEventSeriesRpc, createPartitions, EVENT_MIGRATIONS, Event } from './events/index.ts';

/** What happens without a person waiting: the audit log. */
export const tasks = defineApp({
  name: 'tasks',
  settings: defineConfig({}),
  database: { entities: [Event], migrations: EVENT_MIGRATIONS },
  build({ database: db, log, clock, contract }) {
    const events = referable({
      model: 'authentik_events.event',
      type: 'postern.tasks.v1.Event',
      entity: Event,
      title: ({ action }) => action,
    });
    const local = createReferences({ models: [events], fields: referenceFields(contract.registry) });
    const partitions = createPartitions({ db, log, clock });
    return {
      services: [createEventRpc({ db, clock }), createEventSeriesRpc({ db, clock }), bindReferences({ db, local })],
      consumers: [createAudit()],
      start: partitions.start,
      stop: partitions.stop,
    };
  },
});
