import { defineEntity, type InferEntity, p, secret, tenantTable } from '@postern/database';
import type { JsonObject } from '../format/index.ts';

/** How the last application of an instance went. */
export type InstanceStatus = 'successful' | 'warning' | 'error' | 'orphaned' | 'unknown';

/** Names that are sealed into secret columns. */
export const CREDENTIALS = 'blueprint_instance.credentials';
export const CONTENT = 'blueprint_instance.content';

/** A blueprint of a tenant: where its text is, and how its last application went. */
export const Instance = defineEntity({
  name: 'BlueprintInstance',
  tableName: 'blueprint_instance',
  properties: {
    ...tenantTable(),
    name: p.text(),
    /** File below the folder, or `oci://` without user and password; empty where the content counts. */
    path: p.text().default(''),
    /** `user:password` of the registry; empty for none. */
    credentials: secret(CREDENTIALS),
    /** Sealed: blueprints hold passwords and keys. */
    content: secret(CONTENT),
    context: p.json<JsonObject>().defaultRaw(`'{}'`),
    enabled: p.boolean().default(true),
    metadata: p.json<JsonObject>().defaultRaw(`'{}'`),
    status: p.text().$type<InstanceStatus>().default('unknown'),
    lastApplied: p.datetime().onCreate(() => new Date()),
    lastAppliedHash: p.text().default(''),
  },
  uniques: [{ name: 'blueprint_instance__name', properties: ['tenant', 'name'] }],
});

export type InstanceEntity = InferEntity<typeof Instance>;
