import {
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServiceDefinition,
  type sendUnaryData,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { common } from '@postern/errors';
import { HealthImplementation } from 'grpc-health-check';
import type { Incoming } from './dispatcher.ts';
import { fromGrpc, toGrpc } from './grpc.metadata.ts';
import { addReflection } from './grpc.reflection.ts';
import type { Reply } from './status.codec.ts';
import type { Tls } from './tls.ts';
import { MAX_MESSAGE_BYTES } from './wire.ts';

/** What a listener needs. */
export type GrpcListenerDeps = {
  /** Paths of all RPCs. */
  paths: readonly string[];
  /** Answers a call; `deadline` is Infinity when the caller set none. */
  serve(incoming: Incoming): Promise<Reply>;
  /** The google.protobuf.FileDescriptorSet that describes these services, for reflection. */
  descriptors(services: readonly string[]): Uint8Array;
  tls?: Tls;
};

/** A gRPC server on a port. */
export type GrpcListener = {
  /** Starts to listen. Answers with the bound port. */
  listen(address: string): Promise<number>;
  /** Says NOT_SERVING, takes no new connections and lets calls finish. */
  drain(): Promise<void>;
  /** Cuts what is left. */
  cut(): void;
};

/** Serves all RPCs over gRPC, with the standard health and reflection services beside them. */
export function createGrpcListener({ paths, serve, descriptors, tls }: GrpcListenerDeps): GrpcListener {
  // Channelz stays on: without it grpc-js forgets its sessions, and forceShutdown() would cut none.
  const server = new Server({
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
  });
  const names = [...new Set(paths.map((path) => path.split('/')[1] ?? ''))];
  for (const name of names) {
    const own = paths.filter((path) => path.startsWith(`/${name}/`));
    server.addService(definitionOf(own), implementationOf(own, serve));
  }
  const health = new HealthImplementation(Object.fromEntries(['', ...names].map((name) => [name, 'SERVING'])));
  health.addToServer(server);
  addReflection(server, names, () => descriptors(names));
  return {
    listen: (address) => bindServer(server, address, tls),
    cut: () => server.forceShutdown(),
    drain() {
      for (const name of ['', ...names]) health.setStatus(name, 'NOT_SERVING');
      return new Promise((resolve) => server.tryShutdown(() => resolve()));
    },
  };
}

function bindServer(server: Server, address: string, tls: Tls | undefined): Promise<number> {
  const pair = tls && { private_key: Buffer.from(tls.key), cert_chain: Buffer.from(tls.cert) };
  const secure = pair && ServerCredentials.createSsl(Buffer.from(tls.ca), [pair], true);
  return new Promise((resolve, reject) => {
    server.bindAsync(address, secure ?? ServerCredentials.createInsecure(), (error, port) => {
      if (error === null) resolve(port);
      else reject(error);
    });
  });
}

const asIs = (bytes: Buffer): Buffer => bytes;

/** Bytes in, bytes out: decoding belongs to the dispatcher, which also validates. */
function definitionOf(paths: readonly string[]): ServiceDefinition {
  const methods = paths.map((path) => [
    path,
    {
      path,
      requestStream: false,
      responseStream: false,
      requestSerialize: asIs,
      requestDeserialize: asIs,
      responseSerialize: asIs,
      responseDeserialize: asIs,
    },
  ]);
  return Object.fromEntries(methods);
}

function implementationOf(paths: readonly string[], serve: GrpcListenerDeps['serve']): UntypedServiceImplementation {
  const handlerFor = (path: string) => async (call: ServerUnaryCall<Buffer, Buffer>, done: sendUnaryData<Buffer>) => {
    const abort = new AbortController();
    // grpc-js also says "cancelled" when an answered call is torn down.
    let isAnswered = false;
    call.on('cancelled', () => {
      if (!isAnswered) abort.abort(common.CANCELLED());
    });
    const deadline = Number(call.getDeadline());
    const metadata = fromGrpc(call.metadata);
    const reply = await serve({ path, transport: 'grpc', request: call.request, metadata, deadline, abort });
    isAnswered = true;
    const trailer = toGrpc(reply.trailer);
    if (reply.code === 0) done(null, Buffer.from(reply.body.buffer, reply.body.byteOffset, reply.body.length), trailer);
    else done({ code: reply.code, details: reply.details, metadata: trailer });
  };
  return Object.fromEntries(paths.map((path) => [path, handlerFor(path)]));
}
