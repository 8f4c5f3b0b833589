import type { EntityManager, PlainRow } from '@postern/database';
import type { auth } from '@postern/proto';
import type { DeviceRow } from './device.entity.ts';
import type { DeviceResource } from './device.methods.ts';

type Rows = readonly PlainRow<DeviceRow>[];

const named = (rows: Rows) => rows.map(({ pk, name }) => ({ pk, name }));

export const duoDevices: DeviceResource<auth.DuoDevice> = { class: 'duo', encode: named };

export const totpDevices: DeviceResource<auth.TOTPDevice> = { class: 'totp', encode: named };

export const smsDevices: DeviceResource<auth.SMSDevice> = {
  class: 'sms',
  encode: (rows) => rows.map(({ pk, name, data }) => ({ pk, name, phone_number: String(data.phone_number ?? '') })),
};

export const webAuthnDevices: DeviceResource<auth.WebAuthnDevice> = {
  class: 'webauthn',
  encode: (rows) => rows.map(({ pk, name, created }) => ({ pk, name, created_on: created.toISOString() })),
};

/** Codes are kept as hashes: what is left of them can be counted, not shown. */
export const staticDevices: DeviceResource<auth.StaticDevice> = {
  class: 'static',
  encode: async (rows, em) => {
    const left = await codesLeft(em, rows);
    return rows.map(({ pk, name }) => {
      const token_set = Array.from({ length: left.get(pk) ?? 0 }, () => ({ token: MASKED_CODE }));
      return { pk, name, token_set };
    });
  },
};

const MASKED_CODE = '************';

async function codesLeft(em: EntityManager, rows: Rows): Promise<ReadonlyMap<number, number>> {
  if (rows.length === 0) return new Map();
  const marks = rows.map(() => '?').join(', ');
  const counted = await em.execute<{ device: number; left: number }[]>(
    `select device, count(*)::int as left from device_code where device in (${marks}) group by device`,
    rows.map(({ pk }) => pk),
  );
  return new Map(counted.map(({ device, left }) => [device, left]));
}
