import { Client, credentials, type ServiceError } from '@grpc/grpc-js';
import type { Channel, ChannelOptions } from './channel.ts';
import { fromGrpc, toGrpc } from './grpc.metadata.ts';
import type { Reply } from './status.codec.ts';
import type { Tls } from './tls.ts';
import { KEYS, MAX_MESSAGE_BYTES, type WireMetadata } from './wire.ts';

/** Settings of a channel over the network. */
export type GrpcChannelOptions = {
  /** Certificates, when the server asks for them. Plain text without. */
  tls?: Tls;
};

/** Opens a channel over the network: `far.channel.ts` says how it behaves. */
export function openGrpcChannel(address: string, { tls }: GrpcChannelOptions = {}): Channel {
  // All addresses of a name share the load: replicas behind a headless service.
  const client = connect(address, tls, 'round_robin');
  let steady: Client | undefined;
  const clientFor = ({ metadata }: ChannelOptions): Client => {
    if (!metadata.has(KEYS.changeSet)) return client;
    // The transaction of a change set is held by one replica: all its calls go there.
    steady ??= connect(address, tls, 'pick_first');
    return steady;
  };
  return {
    unary: (path, request, options) => unary(clientFor(options), path, request, options),
    close() {
      client.close();
      steady?.close();
    },
  };
}

/**
 * Longest pause between attempts to reach a server that is down. Whoever updates replicas in turn stops the next one as soon as the last one is ready:
 * by then it has to be in use.
 */
const RECONNECT_MS = 250;

function connect(address: string, tls: Tls | undefined, policy: 'round_robin' | 'pick_first'): Client {
  const target = address.includes(',') ? `${address.startsWith('[') ? 'ipv6' : 'ipv4'}:${address}` : address;
  const secure = tls && credentials.createSsl(bytes(tls.ca), bytes(tls.key), bytes(tls.cert));
  return new Client(target, secure ?? credentials.createInsecure(), {
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': RECONNECT_MS,
    'grpc.dns_min_time_between_resolutions_ms': 1_000,
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
    'grpc.enable_channelz': 0,
    'grpc.service_config': JSON.stringify({ loadBalancingConfig: [{ [policy]: {} }] }),
  });
}

function unary(client: Client, path: string, request: Uint8Array, options: ChannelOptions): Promise<Reply> {
  const { metadata, deadline, signal } = options;
  if (signal?.aborted) return Promise.resolve(failed(1, 'cancelled before it was sent'));
  return new Promise((resolve) => {
    let failure: ServiceError | null = null;
    let body: Uint8Array = NO_BYTES;
    const call = client.makeUnaryRequest(
      path,
      asBuffer,
      asIs,
      request,
      toGrpc(metadata),
      { deadline },
      (error, value) => {
        failure = error;
        body = value ?? NO_BYTES;
      },
    );
    const cancel = () => call.cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    // The status is the last thing to arrive, after the callback, and brings the trailing metadata.
    call.on('status', ({ code, details, metadata: trailer }) => {
      signal?.removeEventListener('abort', cancel);
      resolve({ code, details, body, trailer: fromGrpc(trailer), ...(failure === null ? {} : { cause: failure }) });
    });
  });
}

const NO_BYTES = Buffer.alloc(0);
const NO_METADATA: WireMetadata = new Map();

function failed(code: number, details: string): Reply {
  return { code, details, body: NO_BYTES, trailer: NO_METADATA };
}

function bytes(pem: string | Buffer): Buffer {
  return Buffer.from(pem);
}

/** A view, not a copy. */
function asBuffer(message: Uint8Array): Buffer {
  return Buffer.from(message.buffer, message.byteOffset, message.byteLength);
}

function asIs(message: Buffer): Buffer {
  return message;
}
