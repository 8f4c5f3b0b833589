import { Client, credentials, type ServiceError } from '@grpc/grpc-js';
import { PosternError } from '@postern/errors';
import { createLogger } from '@postern/observability';
import { conformance } from '@postern/proto';
import { createAuthority } from '@postern/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { echoService, from, sealer, startSuite, type Transport } from './conformance.fixture.ts';
import { bind, createClient, createRpcServer, grpcChannel, rpcErrors } from './index.ts';

const log = createLogger({ level: 'silent' });
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0)) await clean();
});

async function start(transport: Transport, options: Parameters<typeof startSuite>[1] = {}) {
  const suite = await startSuite(transport, options);
  cleanups.push(suite.stop);
  return suite;
}

const clientOf = (port: number, tls?: Parameters<typeof grpcChannel>[1]) => {
  const channel = grpcChannel(`localhost:${port}`, tls);
  cleanups.push(() => channel.close());
  return createClient(conformance.EchoServiceDefinition, channel, { sealer, service: 'auth' });
};

describe('a server', () => {
  it('does not start with an RPC that does not say who may call it', () => {
    const service = bind(conformance.UndeclaredServiceDefinition, { undeclared: async (request) => request });
    const methods = '/postern.conformance.v1.UndeclaredService/Undeclared';
    expect(() => createRpcServer({ services: [service], sealer, log })).toThrow(
      rpcErrors.ACCESS_UNDECLARED({ methods }).message,
    );
  });

  it('does not start on a port that is taken', async () => {
    const { port } = await start('grpc');
    const server = createRpcServer({ services: [echoService({ echo: async (request) => request })], sealer, log });
    await expect(server.listen(`localhost:${port}`)).rejects.toThrow('EADDRINUSE');
    await server.close();
  });

  it('is found again after it was away, and says UNAVAILABLE in between', async () => {
    const first = await start('grpc');
    await first.client.public({}, from());
    await first.server.close();
    const error = await first.client.public({}, from()).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'UNAVAILABLE', reason: 'UNAVAILABLE' });
    const second = createRpcServer({ services: [echoService({ echo: async (request) => request })], sealer, log });
    cleanups.push(() => second.close());
    await second.listen(`localhost:${first.port}`);
    const back = Date.now();
    const isBack = () =>
      first.client.public({ text: 'back' }, from()).then(
        ({ text }) => text === 'back',
        () => false,
      );
    await expect.poll(isBack, { timeout: 5_000, interval: 20 }).toBe(true);
    expect(Date.now() - back).toBeLessThan(3_000);
  });
});

describe.each(['memory', 'grpc'] as const)('closing a server, over %s', (transport) => {
  it('lets a call under way finish and refuses the next', async () => {
    const suite = await start(transport);
    const started = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    suite.handlers.echo = async (request) => {
      started.resolve();
      await release.promise;
      return request;
    };
    const running = suite.client.public({ text: 'under way' }, from());
    await started.promise;
    const closed = suite.server.close(5_000);
    const refused = await suite.client.public({}, from()).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'UNAVAILABLE' });
    release.resolve();
    expect(await running).toMatchObject({ text: 'under way' });
    await closed;
  });

  it('aborts what does not finish within the grace', async () => {
    const suite = await start(transport);
    const started = Promise.withResolvers<AbortSignal>();
    suite.handlers.echo = (_, call) => {
      started.resolve(call.signal);
      return new Promise(() => {});
    };
    const running = suite.client.public({}, from()).catch((error: unknown) => error);
    const signal = await started.promise;
    await suite.server.close(20);
    expect(signal.aborted).toBe(true);
    expect(await running).toMatchObject({ code: 'UNAVAILABLE' });
  });
});

describe('mTLS', () => {
  it('serves only clients of the same authority', async () => {
    const ours = createAuthority('Postern');
    const suite = await start('grpc', { tls: ours.issue('auth') });
    const stranger = createAuthority('Postern').issue('gateway');
    const isRefused = async (options: Parameters<typeof grpcChannel>[1]) => {
      const error = await clientOf(suite.port, options)
        .public({}, from())
        .catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(PosternError);
      expect(error).toMatchObject({ code: 'UNAVAILABLE' });
    };
    await isRefused({});
    await isRefused({ tls: stranger });
    await isRefused({ tls: { ...stranger, ca: ours.ca } });
    expect(await clientOf(suite.port, { tls: ours.issue('gateway') }).public({ text: 'hi' }, from())).toMatchObject({
      text: 'hi',
    });
  });
});

describe('the standard services', () => {
  const call = (port: number, path: string, request: Buffer): Promise<Buffer> => {
    const client = new Client(`localhost:${port}`, credentials.createInsecure());
    cleanups.push(() => client.close());
    const asIs = (bytes: Buffer) => bytes;
    return new Promise((resolve, reject) => {
      const answered = (error: ServiceError | null, value?: Buffer) =>
        error ? reject(error) : resolve(value ?? Buffer.alloc(0));
      client.makeUnaryRequest(path, asIs, asIs, request, answered);
    });
  };

  it('say that the server and each of its services is serving', async () => {
    const { port } = await start('grpc');
    const name = Buffer.from('postern.conformance.v1.EchoService');
    const asked = Buffer.concat([Buffer.from([0x0a, name.length]), name]);
    for (const request of [Buffer.alloc(0), asked]) {
      expect(await call(port, '/grpc.health.v1.Health/Check', request)).toEqual(Buffer.from([0x08, 0x01]));
    }
  });

  it('describe the services to tools', async () => {
    const { port } = await start('grpc');
    const client = new Client(`localhost:${port}`, credentials.createInsecure());
    cleanups.push(() => client.close());
    const asIs = (bytes: Buffer) => bytes;
    const path = '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo';
    const stream = client.makeBidiStreamRequest(path, asIs, asIs);
    const answer = new Promise<Buffer>((resolve, reject) => stream.once('data', resolve).once('error', reject));
    stream.write(Buffer.from([0x3a, 0x01, 0x2a]));
    expect((await answer).toString()).toContain('postern.conformance.v1.EchoService');
    stream.end();
  });

  it('do not hold a server that closes', async () => {
    const { port, server } = await start('grpc');
    const client = new Client(`localhost:${port}`, credentials.createInsecure());
    cleanups.push(() => client.close());
    const asIs = (bytes: Buffer) => bytes;
    const watch = client.makeServerStreamRequest('/grpc.health.v1.Health/Watch', asIs, asIs, Buffer.alloc(0));
    const told: string[] = [];
    const cut = new Promise((resolve) => watch.once('error', resolve));
    const first = new Promise<void>((resolve) => {
      watch.on('data', (status: Buffer) => {
        told.push(status.toString('hex'));
        resolve();
      });
    });
    await first;
    await server.close();
    await cut;
    expect(told).toEqual(['0801', '0802']);
  });
});
