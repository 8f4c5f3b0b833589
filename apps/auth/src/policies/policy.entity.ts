import { defineEntity, type InferEntity, p, tenantTable } from '@postern/database';
import type { JsonObject } from '../plans/index.ts';

/** A policy of any kind. What only its kind knows lies in `settings`, read by the settings schema of that kind. */
export const PolicyEntity = defineEntity({
  name: 'Policy',
  tableName: 'policy',
  properties: {
    ...tenantTable(),
    kind: p.text(),
    /** Unique across all kinds. */
    name: p.text(),
    /** Whether each execution is told to the audit log. */
    executionLogging: p.boolean().default(false),
    settings: p.json<JsonObject>().defaultRaw(`'{}'`),
  },
});

export type PolicyRow = InferEntity<typeof PolicyEntity>;
