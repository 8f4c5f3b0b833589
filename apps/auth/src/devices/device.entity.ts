import { defineEntity, type InferEntity, p, secret, tenantColumn, timestamps } from '@postern/database';
import { Account } from '../accounts/index.ts';
import type { JsonObject } from '../plans/index.ts';
import type { DeviceClass } from './device.ts';

/** Label under which the secret of a device is sealed. */
export const DEVICE_SECRET = 'device.secret';

/** A device of somebody, of any class. */
export const DeviceEntity = defineEntity({
  name: 'Device',
  tableName: 'device',
  properties: {
    pk: p.integer().primary(),
    tenant: tenantColumn(),
    ...timestamps(),
    user: () => p.manyToOne(Account).deleteRule('cascade'),
    class: p.text().$type<DeviceClass>(),
    name: p.text(),
    confirmed: p.boolean().default(true),
    stage: p.uuid().nullable(),
    naturalKey: p.text().nullable(),
    data: p.json<JsonObject>().defaultRaw(`'{}'`),
    secret: secret(DEVICE_SECRET).lazy(),
    lastUsed: p.datetime().nullable(),
    /** Wrong codes since the last right one. */
    failures: p.integer().default(0),
    /** No code is tried before. */
    lockedUntil: p.datetime().nullable(),
    /** The last time step whose code was accepted. */
    lastStep: p.bigint().nullable(),
  },
  uniques: [{ name: 'device__natural_key', properties: ['tenant', 'class', 'naturalKey'] }],
});

export type DeviceRow = InferEntity<typeof DeviceEntity>;
