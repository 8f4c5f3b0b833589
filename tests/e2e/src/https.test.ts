import { once } from 'node:events';
import { connect } from 'node:tls';
import { createAuthority, freePorts, type Roles } from '@postern/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { apiOf, until } from './api.client.ts';
import { ADMIN_TOKEN, BOOTSTRAP, startFiveProcesses } from './platforms.ts';

const SELF_SIGNED = 'authentik Self-signed Certificate';
const HOST = 'shop.example';
const authority = createAuthority('Test authority');

let roles: Roles;
let port: number;

beforeAll(async () => {
  [port = 0] = await freePorts(1);
  roles = await startFiveProcesses({ env: { ...BOOTSTRAP, POSTERN_LISTEN__HTTPS: `127.0.0.1:${port}` } });
});
afterAll(() => roles?.stop());

/** Whose certificate a client sees that names this host; undefined where the handshake fails. */
async function shown(servername: string): Promise<string | undefined> {
  const socket = connect({ host: '127.0.0.1', port, servername, rejectUnauthorized: false });
  try {
    await once(socket, 'secureConnect');
    return String(socket.getPeerCertificate().subject.CN);
  } catch {
    return undefined;
  } finally {
    socket.destroy();
  }
}

function textsOf(subject: string) {
  const { cert, key } = authority.issue(subject);
  return { certificate_data: String(cert), key_data: String(key) };
}

it('shows a renewed certificate without a restart, and after one of the gateway before its neighbour is there', async () => {
  const api = apiOf({ url: roles.url, token: ADMIN_TOKEN });
  expect(await shown(HOST)).toBe(SELF_SIGNED);
  const pair = await api.post('/crypto/certificatekeypairs/', { name: 'shop', ...textsOf('first') });
  await api.post('/core/brands/', { domain: HOST, web_certificate: pair.pk });
  await until(
    () => shown(HOST),
    (name) => name === 'first',
  );
  await api.patch(`/crypto/certificatekeypairs/${pair.pk}/`, textsOf('renewed'));
  await until(
    () => shown(HOST),
    (name) => name === 'renewed',
  );
  await roles.role('providers').kill();
  await roles.role('gateway').stop();
  await roles.role('gateway').start();
  expect(await shown(HOST)).toBeUndefined();
  await roles.role('providers').start();
  await until(
    () => shown(HOST),
    (name) => name === 'renewed',
  );
});
