import { common } from '@postern/errors';
import type { Logger, Metrics } from '@postern/observability';
import type { Channel } from './channel.ts';
import { type Contract, loadContract } from './contract.ts';
import { descriptorsOf } from './descriptors.ts';
import { createDispatcher, type Incoming } from './dispatcher.ts';
import type { GrpcListener } from './grpc.listener.ts';
import { createMemoryChannel } from './memory.channel.ts';
import type { ObjectRights } from './object-rights.ts';
import type { Sealer } from './sealer.ts';
import type { BoundService } from './service.definition.ts';
import { encodeError, type Reply } from './status.codec.ts';
import type { Tls } from './tls.ts';

/** How long a call may take when its caller does not say. */
export const DEFAULT_DEADLINE_MS = 10_000;

/** Time for the last answers to leave the sockets of a closing server. */
const CUT_AFTER_MS = 200;

/** What a server needs. */
export type RpcServerDeps = {
  services: readonly BoundService[];
  sealer: Sealer;
  log: Logger;
  metrics?: Metrics;
  /** What callers hold on single objects. Without it only what they hold on everything counts. */
  objects?: ObjectRights;
  /** With certificates every client must show one of the same authority (mTLS). */
  tls?: Tls;
  /** Tenant of a call that carries neither principal nor client. Default: none, the empty text. */
  defaultTenant?: string;
  /** The descriptor set; servers of one process may share one. Read from packages/proto by default. */
  contract?: Contract;
  now?: () => number;
};

/** A server of one app. */
export type RpcServer = {
  /** Listens for gRPC on `host:port`; port 0 lets the system choose. Answers with the port. */
  listen(address: string): Promise<number>;
  /** A channel for clients in this process. */
  channel(): Channel;
  /** Takes no more calls, waits up to `graceMs` (default 5 s) for those under way, then aborts them. */
  close(graceMs?: number): Promise<void>;
};

/** Creates a server. Throws ACCESS_UNDECLARED when an RPC does not say who may call it. */
export function createRpcServer(deps: RpcServerDeps): RpcServer {
  const { tls, contract = loadContract(), defaultTenant = '', now = Date.now } = deps;
  const dispatcher = createDispatcher({ ...deps, contract, defaultTenant, now });
  const calls = createCalls();
  const listeners = new Set<GrpcListener>();
  const descriptors = (names: readonly string[]) => descriptorsOf(contract.registry, names);

  function serve(incoming: Incoming): Promise<Reply> {
    const deadline = Number.isFinite(incoming.deadline) ? incoming.deadline : now() + DEFAULT_DEADLINE_MS;
    return calls.track(incoming.abort, () => dispatcher.dispatch({ ...incoming, deadline }));
  }

  return {
    channel: () => createMemoryChannel(serve),
    async listen(address) {
      // A process that hosts everything neither listens nor calls: it does without grpc-js.
      const { createGrpcListener } = await import('./grpc.listener.ts');
      const listener = createGrpcListener({ paths: dispatcher.paths, serve, descriptors, tls });
      listeners.add(listener);
      return listener.listen(address);
    },
    async close(graceMs = 5_000) {
      const drained = Promise.all([calls.drain(), ...[...listeners].map((listener) => listener.drain())]);
      const timer = setTimeout(() => calls.abort(), graceMs);
      await calls.drain();
      clearTimeout(timer);
      // What is left are health watches and clients that ignore GOAWAY: they must not hold the process.
      const cut = setTimeout(() => listeners.forEach((listener) => void listener.cut()), CUT_AFTER_MS);
      await drained;
      clearTimeout(cut);
    },
  };
}

/** The calls under way, and the door that closes behind them. */
function createCalls() {
  const running = new Set<AbortController>();
  let isClosed = false;
  let onIdle: (() => void)[] = [];
  return {
    async track(abort: AbortController, work: () => Promise<Reply>): Promise<Reply> {
      if (isClosed) return encodeError(common.UNAVAILABLE());
      running.add(abort);
      try {
        return await work();
      } finally {
        running.delete(abort);
        if (isClosed && running.size === 0) for (const resolve of onIdle.splice(0)) resolve();
      }
    },
    /** Resolves when the last call has ended; from now on new ones are refused. */
    drain(): Promise<void> {
      isClosed = true;
      if (running.size === 0) return Promise.resolve();
      return new Promise((resolve) => {
        onIdle = [...onIdle, resolve];
      });
    },
    abort() {
      for (const abort of running) abort.abort(common.UNAVAILABLE());
    },
  };
}
