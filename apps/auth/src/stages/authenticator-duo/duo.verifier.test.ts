import { createEgress } from '@postern/egress';
import { describe, expect, it } from 'vitest';
import { aDeviceStore } from '../../devices/devices.fixture.ts';
import type { Device } from '../../devices/index.ts';
import { StageRefused } from '../../plans/index.ts';
import { aDeviceVisit } from '../../testing/device-visit.fixture.ts';
import { aDuo } from '../../testing/duo.fixture.ts';
import { createDuoVerifier } from './duo.verifier.ts';

const HOST = 'api-00000000.duosecurity.com';
const STAGE = '00000000-0000-4000-8000-000000000001';
const duo = await aDuo(HOST, { ikey: 'DIAUTH', skey: 'auth secret' }, { ikey: 'DIADMIN', skey: 'admin secret' });
const { store, tenant, write, add } = await aDeviceStore([1]);
const state = { secret: 'auth secret', most: Number.POSITIVE_INFINITY, asked: 0 };
const told: { message: string }[] = [];
const verifier = createDuoVerifier({
  accounts: {
    findByPk: async (_tenant, pk) => ({
      pk,
      uuid: '',
      username: 'alice',
      name: '',
      email: '',
      isActive: true,
      type: 'internal',
    }),
  },
  devices: store,
  links: {
    stageSettings: async (_tenant, pk) =>
      pk === STAGE ? { api_hostname: HOST, client_id: 'DIAUTH', client_secret: state.secret } : undefined,
  },
  egress: createEgress({ allow: ['127.0.0.0/8'] }),
  duo: duo.url,
  attempts: { reserve: async () => (++state.asked <= state.most ? 'allowed' : 'refused') },
  problems: { tell: async (_request, problem) => void told.push(problem) },
  brands: { title: async () => 'Postern' },
  clock: () => new Date(),
});
const context = { application: { pk: 'app', name: 'Wiki', slug: 'wiki' } };
const DENIED = { ok: false, errors: { duo: [{ string: 'Duo denied access', code: 'denied' }] } };

/** A visit that has this long for its answer. */
function aVisit(milliseconds = 30_000) {
  const visit = aDeviceVisit(tenant, { webauthn_user_verification: 'preferred' } as const, { context });
  return { ...visit, request: { ...visit.request, deadline: Date.now() + milliseconds } };
}

async function aPhone(stage: string | null = STAGE): Promise<Device> {
  const device = await add({ class: 'duo', name: 'phone', data: { duo_user_id: duo.add('') } });
  if (device === undefined) throw new Error('there is no device');
  return { ...device, stage };
}

/** Waits until Duo asks somebody, and answers for them. */
async function decided(result: string): Promise<void> {
  const before = duo.pushes().length;
  await expect.poll(() => duo.pushes().length).toBeGreaterThan(before);
  duo.decide(duo.pushes().at(-1)?.txid ?? '', result);
}

describe('Duo as a second factor', () => {
  it('refuses everything but a plain allow, and says what Duo said', async () => {
    const phone = await aPhone();
    for (const result of ['deny', 'fraud', 'ALLOW', 'bypass']) {
      const [verdict] = await Promise.all([verifier.verify(aVisit(), phone.pk, [phone], {}), decided(result)]);
      expect(verdict).toMatchObject({ ...DENIED, details: { duo_response: { result } } });
    }
  });

  it('refuses when Duo fails, whatever the reason, and tells administrators', async () => {
    const [phone, orphan] = [await aPhone(), await aPhone(null)];
    expect(await verifier.challenge(aVisit(), [orphan])).toEqual({ device_uid: String(orphan.pk), challenge: {} });
    expect(await verifier.verify(aVisit(), orphan.pk, [orphan], {})).toMatchObject(DENIED);
    expect(told.at(-1)?.message).toMatch(/the stage that set the device up is gone/i);
    state.secret = 'wrong';
    expect(await verifier.verify(aVisit(), phone.pk, [phone], {})).toMatchObject(DENIED);
    state.secret = 'auth secret';
    expect(told.at(-1)?.message).toMatch(/^Failed to DUO authenticate user: Received 401/);
    expect(await verifier.verify(aVisit(), phone.pk, [phone], { device: phone.pk, txid: 'made up' })).toMatchObject(
      DENIED,
    );
  });

  it('knows devices of the person only', async () => {
    const [phone, other] = [await aPhone(), await aPhone()];
    expect(await verifier.verify(aVisit(), other.pk, [phone], {})).toMatchObject({ ok: false });
    const sent = { device: other.pk, txid: 'of another device' };
    const [verdict] = await Promise.all([verifier.verify(aVisit(), phone.pk, [phone], sent), decided('deny')]);
    expect(verdict).toMatchObject(DENIED);
  });

  it('sends no more questions than it may', async () => {
    const phone = await aPhone();
    Object.assign(state, { asked: 0, most: 1 });
    expect(await verifier.select?.(aVisit(), phone, {})).toMatchObject({ memory: { device: phone.pk } });
    const before = duo.pushes().length;
    expect(await verifier.select?.(aVisit(), phone, {})).toMatchObject({ errors: { duo: [{ code: 'throttled' }] } });
    expect(await verifier.verify(aVisit(), phone.pk, [phone], {})).toMatchObject({
      ok: false,
      errors: { duo: [{ code: 'throttled' }] },
    });
    expect(duo.pushes()).toHaveLength(before);
    state.most = Number.POSITIVE_INFINITY;
  });

  it('shows whom and what it is about, waits for the person longer than a request lasts, and asks once', async () => {
    const phone = await aPhone();
    const chosen = await verifier.select?.(aVisit(), phone, {});
    const before = duo.pushes().length;
    const pushed = duo.pushes().at(-1)?.fields;
    expect(pushed).toMatchObject({
      type: 'Postern Login request',
      display_username: 'alice',
      ipaddr: '192.0.2.1',
      factor: 'auto',
      device: 'auto',
    });
    expect(pushed?.pushinfo).toBe('Domain=id.example&Application=Wiki');
    const memory = chosen?.memory ?? {};
    expect(await verifier.verify(aVisit(3_200), phone.pk, [phone], memory)).toEqual({ ok: 'waiting', memory });
    duo.decide(String(memory.txid), 'allow');
    const verdict = await verifier.verify(aVisit(), phone.pk, [phone], memory);
    if (verdict.ok !== true) throw new Error(JSON.stringify(verdict));
    expect(duo.pushes()).toHaveLength(before);
    await write((tx) => store.failed(tx, [phone.pk]));
    await expect(write((tx) => verdict.effect(tx))).rejects.toBeInstanceOf(StageRefused);
  });

  it('stops waiting when nobody waits for the answer', async () => {
    const phone = await aPhone();
    const left = new AbortController();
    const visit = aVisit();
    const request = { ...visit.request, signal: left.signal };
    const waiting = verifier.verify({ ...visit, request }, phone.pk, [phone], {});
    const before = duo.pushes().length;
    await expect.poll(() => duo.pushes().length).toBeGreaterThan(before);
    left.abort(new Error('the browser left'));
    await expect(waiting).rejects.toThrow('the browser left');
  });
});
