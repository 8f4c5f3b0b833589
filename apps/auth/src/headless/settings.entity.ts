import { defineEntity, type InferEntity, p, tenantTable } from '@postern/database';
import type { JsonObject } from '../plans/index.ts';

/** Settings of a tenant. One that never changed them has no row. */
export const HeadlessSettingsEntity = defineEntity({
  name: 'HeadlessSettings',
  tableName: 'headless_settings',
  properties: {
    ...tenantTable(),
    /** What the tenant has set, by the names of the contract. */
    settings: p.json<JsonObject>().defaultRaw(`'{}'`),
    /** Group that joins whoever signs up. A column of its own, so that it goes when the group does. */
    signupGroup: p.uuid().nullable(),
  },
});

export type HeadlessSettingsRow = InferEntity<typeof HeadlessSettingsEntity>;
