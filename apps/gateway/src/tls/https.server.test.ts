import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:https';
import { connect as connectTcp } from 'node:net';
import { text } from 'node:stream/consumers';
import { type ConnectionOptions, connect } from 'node:tls';
import { events } from '@postern/proto';
import { createAuthority } from '@postern/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { aGateway, type TestGateway } from '../testing/gateway.builder.ts';
import { OTHER_TENANT, TENANT } from '../testing/identity.services.ts';

const CALLER = '/api/v3/conformance/caller/';
const LOCAL = { host: '127.0.0.1', port: 0 };
const authority = createAuthority('Test authority');

/** A pair for a name, as `providers` hands it out. */
function pairOf(subject: string) {
  const { cert, key } = authority.issue(subject);
  return { certificate: String(cert), private_key: String(key) };
}

let gateway: TestGateway;
let port: number;

beforeAll(async () => {
  gateway = await aGateway({ POSTERN_TIMEOUTS__HEADERS: '1s' });
  await gateway.listen(LOCAL);
  port = await gateway.listenTls(LOCAL);
});
afterAll(() => gateway.close());
beforeEach(async () => {
  const { pairs, hosts } = gateway.premises;
  pairs.clear();
  hosts.clear();
  pairs.set(`${TENANT} `, pairOf('self-signed'));
  pairs.set(`${OTHER_TENANT} `, pairOf('self-signed of another'));
  await tell('directory.v1.brand.updated');
  await tell('providers.v1.certificate_key_pair.updated');
});

const tell = (subject: string, tenant = '') =>
  gateway.bus.publish(events.Envelope.fromPartial({ id: randomUUID(), subject, tenant }));

/** Gives the brand of a host a pair. */
function giveBrand(host: string, key: string, pair: ReturnType<typeof pairOf> | undefined, tenant = TENANT): void {
  gateway.premises.hosts.set(host, key);
  if (pair) gateway.premises.pairs.set(`${tenant} ${key}`, pair);
}

/** Keys of pairs. */
const ONE = '0197c0de-0000-7000-8000-0000000000c1';
const TWO = '0197c0de-0000-7000-8000-0000000000c2';
const THREE = '0197c0de-0000-7000-8000-0000000000c3';

async function opened(options: ConnectionOptions = {}, at = port) {
  const socket = connect({ host: '127.0.0.1', port: at, rejectUnauthorized: false, ...options });
  await once(socket, 'secureConnect');
  return socket;
}

/** Whose certificate a client sees that names this host, or none. */
async function seen(servername?: string, options: ConnectionOptions = {}): Promise<string> {
  const socket = await opened({ ...options, ...(servername ? { servername } : {}) });
  const { CN } = socket.getPeerCertificate().subject;
  socket.destroy();
  return String(CN);
}

describe('a handshake', () => {
  it('is refused below TLS 1.2', async () => {
    const old = { ciphers: 'DEFAULT@SECLEVEL=0', minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1' } as const;
    await expect(seen('a.example', old)).rejects.toThrow(/protocol version/);
    await expect(seen(undefined, old)).rejects.toThrow(/protocol version/);
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const)
      expect(await seen('a.example', { maxVersion })).toBe('self-signed');
  });

  it('shows the default host to whoever names another, an address, nonsense, or nothing', async () => {
    giveBrand('', ONE, pairOf('standard'));
    for (const name of ['nobody.example', 'a b', undefined]) expect(await seen(name)).toBe('standard');
  });

  it('shows the pair of the brand, or the self-signed one of the tenant, in each its own', async () => {
    giveBrand('a.example', ONE, pairOf('brand a'));
    giveBrand('b.example', TWO, pairOf('brand b'));
    giveBrand('other.example', ONE, pairOf('brand of another'), OTHER_TENANT);
    expect(
      await Promise.all(
        ['a.example', 'B.Example.', 'other.example', 'other.elsewhere', 'c.example'].map((name) => seen(name)),
      ),
    ).toEqual(['brand a', 'brand b', 'brand of another', 'self-signed of another', 'self-signed']);
  });

  it('shows the self-signed pair where that of the brand is gone, broken, or has another key', async () => {
    giveBrand('gone.example', ONE, undefined);
    giveBrand('broken.example', TWO, { certificate: 'no certificate', private_key: 'no key' });
    giveBrand('mixed.example', THREE, { ...pairOf('mixed'), private_key: pairOf('another').private_key });
    for (const name of ['gone.example', 'broken.example', 'mixed.example'])
      expect(await seen(name)).toBe('self-signed');
  });

  it('shows that of the default host where the tenant has none, and fails where nobody has one', async () => {
    gateway.premises.pairs.delete(`${OTHER_TENANT} `);
    expect(await seen('other.example')).toBe('self-signed');
    gateway.premises.pairs.clear();
    await tell('providers.v1.certificate_key_pair.deleted');
    await expect(seen('other.example')).rejects.toThrow();
    await expect(seen()).resolves.toBe('self-signed');
  });

  it('shows a pair that was renewed, chosen or deleted at the next one', async () => {
    giveBrand('a.example', ONE, pairOf('first'));
    giveBrand('', ONE, undefined);
    expect([await seen('a.example'), await seen()]).toEqual(['first', 'first']);
    giveBrand('a.example', ONE, pairOf('renewed'));
    expect([await seen('a.example'), await seen()]).toEqual(['first', 'first']);
    await tell('providers.v1.certificate_key_pair.updated', TENANT);
    expect([await seen('a.example'), await seen()]).toEqual(['renewed', 'renewed']);
    giveBrand('a.example', TWO, pairOf('chosen'));
    await tell('directory.v1.brand.updated', TENANT);
    expect([await seen('a.example'), await seen()]).toEqual(['chosen', 'renewed']);
    gateway.premises.pairs.delete(`${TENANT} ${TWO}`);
    await tell('providers.v1.certificate_key_pair.deleted', TENANT);
    expect([await seen('a.example'), await seen()]).toEqual(['self-signed', 'renewed']);
    gateway.premises.hosts.delete('');
    await tell('directory.v1.brand.updated', TENANT);
    expect(await seen()).toBe('self-signed');
    giveBrand('', ONE, undefined);
    await tell('directory.v1.brand.updated', TENANT);
    expect(await seen()).toBe('renewed');
  });

  it('fails while the services are away, and works when they are back', async () => {
    const early = await aGateway();
    early.premises.pairs.set(`${TENANT} `, pairOf('late'));
    early.setDown(true);
    const at = await early.listenTls(LOCAL);
    await expect(opened({ servername: 'a.example' }, at)).rejects.toThrow();
    await expect(opened({}, at)).rejects.toThrow();
    early.setDown(false);
    for (const servername of ['a.example', '']) (await opened({ servername }, at)).destroy();
    await early.close();
  });

  it('shows the chain behind the certificate', async () => {
    const { certificate, private_key } = pairOf('localhost');
    giveBrand('localhost', ONE, { certificate: `${certificate}${authority.ca}`, private_key });
    const socket = await opened({ servername: 'localhost' });
    expect(socket.getPeerCertificate(true).issuerCertificate.subject.CN).toBe('Test authority');
    const trusted = await opened({ servername: 'localhost', ca: authority.ca, rejectUnauthorized: true });
    expect(trusted.authorized).toBe(true);
    for (const each of [socket, trusted]) each.destroy();
  });

  it('that is slow, broken off or nonsense takes nothing from the others', async () => {
    const clients = ['\x16\x03\x01', 'GET / HTTP/1.1\r\n\r\n', ''].map((start) => {
      const socket = connectTcp({ host: '127.0.0.1', port }, () => socket.write(start));
      return socket.on('error', () => undefined);
    });
    const drip = setInterval(() => clients[0]?.write('\x01'), 100);
    const gone = connectTcp({ host: '127.0.0.1', port }, () => gone.resetAndDestroy());
    expect(await seen('a.example')).toBe('self-signed');
    await Promise.all(clients.map((socket) => socket.closed || once(socket.resume(), 'close')));
    clearInterval(drip);
    expect(await seen()).toBe('self-signed');
  });
});

describe('made-up names', () => {
  it('cost no more questions than an address may ask, and nothing for hosts that are known', async () => {
    const strict = await aGateway({ POSTERN_LIMITS__ANONYMOUS_RATE: '5' });
    strict.premises.pairs.set(`${TENANT} `, pairOf('self-signed'));
    const at = await strict.listenTls(LOCAL);
    const ask = async (servername: string) => {
      const outcome = await opened({ servername }, at).catch(() => undefined);
      return outcome?.destroy() !== undefined;
    };
    expect(await ask('known.example')).toBe(true);
    const answers: boolean[] = [];
    for (let each = 0; each < 60; each += 1) answers.push(await ask(`made-up-${each}.example`));
    expect(strict.premises.asked.length).toBeLessThan(30);
    expect(answers.filter((isShown) => !isShown).length).toBeGreaterThan(30);
    expect(await ask('known.example')).toBe(true);
    // All of them are strangers to the default tenant: one context, read for names and once more for none.
    expect(strict.premises.read).toEqual([`${TENANT} `, `${TENANT} `]);
    await strict.close();
  });
});

describe('requests', () => {
  const get = (options: object) =>
    new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
      const given = { host: '127.0.0.1', port, path: CALLER, rejectUnauthorized: false, agent: false, ...options };
      request(given, async (answer) => {
        resolve({ status: answer.statusCode, body: await text(answer) });
      })
        .on('error', reject)
        .end();
    });

  it('meet the limits of HTTP', async () => {
    expect((await get({ headers: { 'x-long': 'x'.repeat(40_000) } })).status).toBe(431);
  });

  it('come from their client, by https, for the host that they name', async () => {
    const { status, body } = await get({ servername: 'b.example', headers: { host: 'a.example:9443' } });
    expect([status, JSON.parse(body)]).toEqual([
      200,
      expect.objectContaining({ scheme: 'https', host: 'a.example:9443', address: '127.0.0.1' }),
    ]);
  });

  it('under way finish when the gateway closes, and handshakes end', async () => {
    const closing = await aGateway();
    closing.premises.pairs.set(`${TENANT} `, pairOf('self-signed'));
    await closing.listen(LOCAL);
    const at = await closing.listenTls(LOCAL);
    const idle = await opened({}, at);
    idle.write('GET /-/health/live/ HTTP/1.1\r\nHost: a.example\r\n\r\n');
    await once(idle, 'data');
    const shaking = connectTcp({ host: '127.0.0.1', port: at });
    await once(shaking, 'connect');
    const running = get({
      port: at,
      path: '/api/v3/conformance/head/?wish=soon',
      headers: { connection: 'keep-alive' },
    });
    await vi.waitFor(() => expect(closing.premises.asked).toContain(`127.0.0.1:${at}`));
    const ended = Promise.all([once(idle.resume(), 'close'), once(shaking.resume(), 'close')]);
    const start = performance.now();
    await closing.close();
    expect((await running).status).toBe(204);
    await ended;
    expect(performance.now() - start).toBeLessThan(5_000);
    await expect(opened({}, at)).rejects.toThrow('ECONNREFUSED');
  });
});

it('cuts what is not done in time when the gateway closes', async () => {
  const closing = await aGateway({ POSTERN_TIMEOUTS__DRAIN: '100ms' });
  closing.premises.pairs.set(`${TENANT} `, pairOf('self-signed'));
  await closing.listen(LOCAL);
  const at = await closing.listenTls(LOCAL);
  const client = await opened({}, at);
  client.write('GET /api/v3/conformance/head/?wish=slow HTTP/1.1\r\nHost: slow.example\r\n\r\n');
  await vi.waitFor(() => expect(closing.premises.asked).toContain('slow.example'));
  await Promise.all([closing.close(), once(client.resume(), 'close')]);
});

it('says clearly that a port is taken', async () => {
  await expect(gateway.listenTls({ host: '127.0.0.1', port })).rejects.toMatchObject({
    code: 'ERR_SERVER_ALREADY_LISTEN',
  });
  const second = await aGateway();
  await expect(second.listenTls({ host: '127.0.0.1', port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await second.close();
});

it('writes no private key into the log', async () => {
  const secrets = pairOf('secret');
  giveBrand('a.example', ONE, secrets);
  giveBrand('b.example', TWO, { certificate: secrets.certificate, private_key: pairOf('b').private_key });
  expect([await seen('a.example'), await seen('b.example')]).toEqual(['secret', 'self-signed']);
  expect(gateway.logged()).toContain('cannot be used');
  expect(gateway.logged()).not.toContain('PRIVATE KEY');
  for (const line of secrets.private_key.split('\n').filter((one) => /^\w{20}/.test(one)))
    expect(gateway.logged()).not.toContain(line);
});
