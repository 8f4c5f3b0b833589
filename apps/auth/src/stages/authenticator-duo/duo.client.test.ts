import { createEgress } from '@postern/egress';
import { describe, expect, it } from 'vitest';
import { aDuo } from '../../testing/duo.fixture.ts';
import { createDuoClient, DuoFailure } from './duo.client.ts';
import { canonicalDuo, signDuo } from './duo.signature.ts';

const HOST = 'api-00000000.duosecurity.com';
const KEYS = { integrationKey: 'DIAUTH', secretKey: 'the secret of the application' };
const duo = await aDuo(HOST, { ikey: 'DIAUTH', skey: KEYS.secretKey }, { ikey: 'DIADMIN', skey: 'another' });
const deps = { egress: createEgress({ allow: ['127.0.0.0/8'] }), clock: () => new Date(), duo: duo.url };
const client = createDuoClient(deps, { host: HOST, ...KEYS });
const admin = createDuoClient(deps, { host: HOST, integrationKey: 'DIADMIN', secretKey: 'another' });

describe('requests to Duo', () => {
  it.each([
    ['another secret', { ...KEYS, secretKey: 'guessed', host: HOST }, /Invalid signature/],
    ['another application', { ...KEYS, integrationKey: 'DIADMIN', host: HOST }, /Invalid integration key/],
    ['another host', { ...KEYS, host: 'api-11111111.duosecurity.com' }, /Invalid signature/],
    ['a host that is none', { ...KEYS, host: 'duo.example/path?' }, /host name/],
  ])('are refused with %s', async (_what, account, reason) => {
    const failing = createDuoClient(deps, account).enroll('alice');
    await expect(failing).rejects.toBeInstanceOf(DuoFailure);
    await expect(failing).rejects.toThrow(reason);
  });

  it('are refused when they are old', async () => {
    const late = createDuoClient({ ...deps, clock: () => new Date(Date.now() - 600_000) }, { host: HOST, ...KEYS });
    await expect(late.enroll('alice')).rejects.toThrow(/Bad request timestamp/);
  });

  it('never reach this network, and fail when Duo is away or says what nobody understands', async () => {
    const fenced = createDuoClient({ ...deps, egress: createEgress({ allow: [] }) }, { host: HOST, ...KEYS });
    await expect(fenced.enroll('alice')).rejects.toThrow(/internal_address/);
    duo.state.down = true;
    await expect(client.enroll('alice')).rejects.toThrow('Received 503 Down');
    duo.state.down = false;
    await expect(client.pushStatus('none', {})).rejects.toThrow('Received 400 Invalid request parameters');
  });

  it('are signed with the date, whatever stands in them', async () => {
    const awkward = "Ünïcode & spaces + ~!'()*/?=";
    const { userId, code, barcode } = await client.enroll(awkward);
    expect(barcode).toContain(code);
    expect(await client.enrollStatus(userId, code)).toBe('waiting');
    expect(await client.enrollStatus(userId, 'guessed')).toBe('invalid');
    await expect(client.enroll(awkward)).rejects.toThrow('(username)');
    for (const name of ['bob', 'carol', 'dave']) duo.add(name);
    expect((await admin.users()).map(({ username }) => username)).toEqual([awkward, 'bob', 'carol', 'dave']);
    await expect(client.pushStatus(awkward, {})).rejects.toThrow('Invalid request parameters');
  });
});

it('writes the canonical request as Duo describes it', () => {
  const request = {
    method: 'GET',
    host: 'API-xxxxxxxx.duosecurity.com',
    path: '/accounts/v1/account/list',
    query: { username: 'root', realname: 'First Last' },
    body: '',
    date: 'Tue, 21 Aug 2012 17:29:18 -0000',
  } as const;
  const [date, method, host, path, query] = canonicalDuo(request).split('\n');
  expect([date, method, host, path]).toEqual([request.date, 'GET', 'api-xxxxxxxx.duosecurity.com', request.path]);
  expect(query).toBe('realname=First%20Last&username=root');
  expect(signDuo(request, KEYS)).toMatch(/^Basic [A-Za-z0-9+/]+=*$/);
});
