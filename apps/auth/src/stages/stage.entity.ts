import { defineEntity, type InferEntity, p, tenantTable } from '@postern/database';
import type { JsonObject } from '../plans/index.ts';

/** A stage of any kind. What only its kind knows lies in `settings`, read by the settings schema of that kind. */
export const StageEntity = defineEntity({
  name: 'Stage',
  tableName: 'stage',
  properties: {
    ...tenantTable(),
    kind: p.text(),
    /** Unique across all kinds. */
    name: p.text(),
    settings: p.json<JsonObject>().defaultRaw(`'{}'`),
  },
});

export type StageRow = InferEntity<typeof StageEntity>;
