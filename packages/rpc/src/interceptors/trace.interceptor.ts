import { PosternError } from '@postern/errors';
import { extractTrace, inSpan, type Metrics } from '@postern/observability';
import type { Interceptor } from '../exchange.ts';
import { textOf } from '../wire.ts';

/** A span around the call, child of the caller's, and a sample in the metrics. */
export function traceCalls({ metrics }: { metrics?: Metrics }): Interceptor {
  const seconds = metrics?.histogram({
    name: 'postern_rpc_served_seconds',
    help: 'Time that a service took to answer a call.',
    labels: ['rpc', 'code', 'transport'],
  });
  return async ({ method, metadata, transport }, next) => {
    const start = performance.now();
    let code = 'OK';
    const parent = extractTrace((name) => textOf(metadata, name));
    const attributes = { 'rpc.system': 'grpc', 'rpc.service': method.service, 'rpc.method': method.name };
    try {
      return await inSpan(method.path.slice(1), { kind: 'server', parent, attributes }, next);
    } catch (error) {
      code = error instanceof PosternError ? error.code : 'INTERNAL';
      throw error;
    } finally {
      seconds?.observe((performance.now() - start) / 1000, { rpc: method.path, code, transport });
    }
  };
}
