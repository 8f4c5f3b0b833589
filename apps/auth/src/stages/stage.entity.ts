import { defineEntity, type InferEntity, p, secret, tenantTable } from '@postern/database';
import type { JsonObject } from '../plans/index.ts';
import { STAGE_SECRETS } from './stage.secrets.ts';

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
    /** Those of its settings that are secrets, as JSON text; null for none. */
    secrets: secret(STAGE_SECRETS).nullable(),
  },
});

export type StageRow = InferEntity<typeof StageEntity>;
