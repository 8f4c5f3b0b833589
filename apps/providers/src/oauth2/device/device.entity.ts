import { defineEntity, p, tenantTable } from '@postern/database';
import type { Approval, Shown } from './device.ts';

/** A device that waits, or waited, for somebody: RFC 8628. Of both codes only hashes are kept. */
export const DeviceCodeEntity = defineEntity({
  name: 'OAuth2DeviceCode',
  tableName: 'oauth2_device_code',
  properties: {
    ...tenantTable(),
    provider: p.integer().name('provider_pk'),
    hash: p.text(),
    userCode: p.text(),
    /** Apart by spaces. */
    scopes: p.text(),
    expires: p.datetime(),
    /** Seconds that the device has to wait between two questions, and when it asked last. */
    pause: p.integer(),
    polled: p.datetime().nullable(),
    /** What the flow that asks for approval is known by. */
    reference: p.uuid().nullable(),
    shown: p.json().$type<Shown>().nullable(),
    approval: p.json().$type<Approval>().nullable(),
    denied: p.datetime().nullable(),
    used: p.datetime().nullable(),
  },
});
