import { common, PosternError } from '@postern/errors';
import type { Logger } from '@postern/observability';
import type { Interceptor } from '../exchange.ts';

/**
 * Turns whatever is thrown into an error that may leave the process. What nobody foresaw becomes INTERNAL: logged here, once, with its
 * cause under the id of the request; the caller hears neither.
 */
export function mapErrors({ log }: { log: Logger }): Interceptor {
  return async (exchange, next) => {
    try {
      return await next();
    } catch (error) {
      // Read here, not above: who is calling becomes known on the way in.
      const { method, context, abort } = exchange;
      // A driver that was interrupted throws its own words; what the caller needs is why it was.
      const known = abort.signal.aborted && abort.signal.reason instanceof PosternError ? abort.signal.reason : error;
      const facts = { rpc: method.path, requestId: context.requestId, tenant: context.tenant };
      if (known instanceof PosternError) {
        if (known.code === 'INTERNAL' && known.cause !== undefined)
          log.error({ ...facts, err: known.cause }, 'a call failed');
        throw known;
      }
      log.error({ ...facts, err: known }, 'a call failed');
      throw common.INTERNAL();
    }
  };
}
