import { defineEntity, type InferEntity, p, tenantColumn, uuidKey } from '@postern/database';

/** Free-form JSON of an event. */
export type Json = Record<string, unknown>;

/** Something that happened. The key of an event that a fact became is the key of the fact: a fact told twice is stored once. */
export const Event = defineEntity({
  name: 'Event',
  tableName: 'event',
  properties: {
    pk: uuidKey(),
    tenant: tenantColumn(),
    created: p.datetime().onCreate(() => new Date()),
    expires: p.datetime(),
    user: p.json<Json>(),
    action: p.text(),
    app: p.text(),
    context: p.json<Json>(),
    clientIp: p.text().nullable(),
    brand: p.json<Json>(),
    // What the database derives from the above, for filters and series.
    username: derived(`"user" ->> 'username'`),
    userPk: derived(`"user" ->> 'pk'`),
    brandName: derived(`brand ->> 'name'`),
    modelApp: derived(`context -> 'model' ->> 'app'`),
    modelName: derived(`context -> 'model' ->> 'model_name'`),
    modelPk: derived(`context -> 'model' ->> 'pk'`),
    application: derived(`context -> 'authorized_application' ->> 'pk'`),
    attempted: derived(`context ->> 'username'`),
  },
});

export type EventEntity = InferEntity<typeof Event>;

function derived(value: string) {
  return p.text().generated(`(left(${value}, 200)) stored`).nullable().hidden().lazy();
}
