import { createEgress } from '@postern/egress';
import { describe, expect, it } from 'vitest';
import { aDeviceStore } from '../../devices/devices.fixture.ts';
import type { Device } from '../../devices/index.ts';
import { type JsonObject, StageRefused } from '../../plans/index.ts';
import { aDeviceVisit } from '../../testing/device-visit.fixture.ts';
import { anSmsProvider } from '../../testing/sms-provider.fixture.ts';
import { createAuthenticatorSms } from './index.ts';

const provider = await anSmsProvider({ sid: 'AC00', token: 'the token' });
const { store, tenant, write, add, db, clock } = await aDeviceStore([1]);
const STAGE = '00000000-0000-4000-8000-000000000001';
const told: unknown[] = [];
const state = { most: Number.POSITIVE_INFINITY, asked: [] as unknown[] };
const { verifier } = createAuthenticatorSms({
  accounts: { findByPk: async () => undefined },
  devices: store,
  links: {
    stageSettings: async (_tenant, pk) =>
      pk === STAGE ? { provider: 'twilio', account_sid: 'AC00', auth: 'the token', from_number: '+1555' } : undefined,
  },
  egress: createEgress({ allow: ['127.0.0.0/8'] }),
  addresses: { twilio: provider.url },
  smsMappings: { body: async () => ({}) },
  attempts: {
    reserve: async (_tenant, attempt) => (state.asked.push(attempt) <= state.most ? 'allowed' : 'refused'),
  },
  problems: { tell: async (_request, problem) => void told.push(problem) },
  brands: { title: async () => 'Postern' },
  seal: db.secrets,
  secrets: ['a secret'],
  clock: () => clock.now(),
});
const visit = aDeviceVisit(tenant, { webauthn_user_verification: 'preferred' } as const);
const WRONG = { ok: false, errors: { code: [{ string: 'Invalid Token', code: 'invalid' }] } };

async function aPhone(phone_number: string, stage: string | null = null): Promise<Device> {
  const device = await add({ class: 'sms', name: 'phone', data: { phone_number } });
  if (device === undefined) throw new Error('there is no device');
  return { ...device, stage };
}

/** The phone was chosen. */
async function chosen(device: Device): Promise<JsonObject> {
  const { memory, errors } = (await verifier.select?.(visit, device, {})) ?? {};
  if (memory === undefined) throw new Error(JSON.stringify(errors));
  return memory;
}

describe('a phone as a second factor', () => {
  it('is asked only where there is a number to reach', async () => {
    const hashed = await aPhone('hash:00');
    expect(await verifier.challenge(visit, [hashed])).toBeUndefined();
    const phone = await aPhone('+491701');
    expect(await verifier.challenge(visit, [hashed, phone])).toEqual({ device_uid: String(phone.pk), challenge: {} });
    expect(await verifier.select?.(visit, hashed, {})).toMatchObject({ errors: { non_field_errors: [{}] } });
  });

  it('refuses codes that were never sent, that are wrong or too old, and that went to another phone', async () => {
    const [phone, other] = [await aPhone('+491701', STAGE), await aPhone('+491702', STAGE)];
    expect(await verifier.verify(visit, '000000', [phone], {})).toEqual(WRONG);
    const memory = await chosen(phone);
    const code = provider.code();
    const wrong = String((Number(code) + 1) % 1_000_000).padStart(6, '0');
    expect(await verifier.verify(visit, wrong, [phone], memory)).toEqual({ ...WRONG, tried: [phone] });
    expect(await verifier.verify(visit, code, [other], memory)).toEqual(WRONG);
    clock.advance(300_000);
    expect(await verifier.verify(visit, code, [phone], memory)).toEqual({ ...WRONG, tried: [phone] });
  });

  it('accepts the code, but not while the phone is locked for too many wrong ones', async () => {
    const phone = await aPhone('+491701', STAGE);
    const memory = await chosen(phone);
    expect(JSON.stringify(memory)).not.toContain(provider.code());
    const verdict = await verifier.verify(visit, provider.code(), [phone], memory);
    if (verdict.ok !== true) throw new Error('the code was refused');
    await write((tx) => store.failed(tx, [phone.pk]));
    await expect(write((tx) => verdict.effect(tx))).rejects.toBeInstanceOf(StageRefused);
    clock.advance(1000);
    await write((tx) => verdict.effect(tx));
  });

  it('gets no more messages than it may, counted for the person and for the number', async () => {
    const phone = await aPhone('+491701', STAGE);
    Object.assign(state, { most: 2, asked: [] });
    await chosen(phone);
    expect(state.asked).toMatchObject([
      { kind: 'message', user: 1 },
      { kind: 'message', user: undefined, name: '+491701' },
    ]);
    const before = provider.messages.length;
    expect(await verifier.select?.(visit, phone, {})).toEqual({
      errors: {
        non_field_errors: [{ string: 'Too many messages were sent. Please try again later.', code: 'throttled' }],
      },
    });
    expect(provider.messages).toHaveLength(before);
    state.most = Number.POSITIVE_INFINITY;
  });

  it('is not reached, and administrators are told, when the stage that set it up is gone', async () => {
    const orphan = await aPhone('+491701');
    expect(await verifier.challenge(visit, [orphan])).toBeDefined();
    expect(await verifier.select?.(visit, orphan, {})).toMatchObject({ errors: { non_field_errors: [{}] } });
    expect(told.at(-1)).toMatchObject({ message: 'Error sending SMS', details: { device: { pk: orphan.pk } } });
  });
});
