import type { Channel } from './channel.ts';
import type { GrpcChannelOptions } from './grpc.channel.ts';

export type { GrpcChannelOptions } from './grpc.channel.ts';

/** Loads grpc-js ahead of the first call. */
export async function loadGrpc(): Promise<void> {
  await import('./grpc.channel.ts');
}

/**
 * A channel over the network. A request that never left is retried by grpc-js; nothing else is retried here. A server that is down answers
 * UNAVAILABLE at once, and is found again within a second of its return. grpc-js is loaded by the first call, unless `loadGrpc` has.
 *
 * @param address `host:port`, or several of numbers alone, with commas: replicas, which share the load
 */
export function grpcChannel(address: string, options: GrpcChannelOptions = {}): Channel {
  let open: Channel | undefined;
  let opening: Promise<Channel> | undefined;
  let isClosed = false;
  const load = async () => {
    const channel = (await import('./grpc.channel.ts')).openGrpcChannel(address, options);
    if (isClosed) channel.close();
    open = channel;
    return channel;
  };
  return {
    async unary(path, request, settings) {
      opening ??= load();
      return (open ?? (await opening)).unary(path, request, settings);
    },
    close() {
      isClosed = true;
      open?.close();
    },
  };
}
