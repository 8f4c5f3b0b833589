import { createServer, type Http2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { common } from '@postern/errors';
import { createLogger } from '@postern/observability';
import { conformance } from '@postern/proto';
import { afterAll, expect, it } from 'vitest';
import { echoService, sealer } from './conformance.fixture.ts';
import { asService, createClient, createRpcServer, grpcChannel } from './index.ts';

const TENANT = '0198a6f0-0000-7000-8000-000000000001';
const log = createLogger({ level: 'silent' });

/** A server that takes a request and dies of it. */
const dying: Http2Server = createServer();
let asked = 0;
dying
  .on('sessionError', () => undefined)
  .on('stream', (stream) => {
    asked += 1;
    stream.on('error', () => undefined);
    stream.session?.socket.destroy();
  });
await new Promise<void>((resolve) => dying.listen(0, '127.0.0.1', resolve));

const handlers = { echo: async (message: conformance.Echo) => message };
const alive = createRpcServer({ services: [echoService({ echo: (message) => handlers.echo(message) })], sealer, log });
const places = [(dying.address() as AddressInfo).port, await alive.listen('127.0.0.1:0')].map(
  (port) => `127.0.0.1:${port}`,
);

const channels = { lonely: grpcChannel(places[0] ?? ''), paired: grpcChannel(places.join(',')) };
const clientOf = (channel: (typeof channels)['lonely']) =>
  createClient(conformance.EchoServiceDefinition, channel, { sealer, service: 'tasks' });

afterAll(async () => {
  channels.lonely.close();
  channels.paired.close();
  await alive.close(1_000);
  dying.close();
});

it('sends a request again whose answer was lost, once, and only where that does no harm', async () => {
  const client = clientOf(channels.lonely);
  await expect(client.public({}, asService(TENANT))).rejects.toSatisfy(common.UNAVAILABLE.is);
  expect(asked).toBe(1);
  await expect(client.public({}, asService(TENANT), { isRepeatable: true })).rejects.toSatisfy(common.UNAVAILABLE.is);
  expect(asked).toBe(3);
});

it('finds the replica that lives', async () => {
  const client = clientOf(channels.paired);
  for (let count = 0; count < 6; count++) {
    const message = { text: `${count}` };
    expect(await client.public(message, asService(TENANT), { isRepeatable: true })).toMatchObject(message);
  }
});

it('repeats nothing that a server itself has refused', async () => {
  let handled = 0;
  handlers.echo = async () => {
    handled += 1;
    throw common.UNAVAILABLE();
  };
  const channel = grpcChannel(places[1] ?? '');
  const call = clientOf(channel).public({}, asService(TENANT), { isRepeatable: true });
  await expect(call).rejects.toSatisfy(common.UNAVAILABLE.is);
  expect(handled).toBe(1);
  channel.close();
});
