import type { Interceptor } from '../exchange.ts';
import type { ServiceGuard } from '../service.definition.ts';
import { unpackHeaders } from '../wire.ts';

/** Asks the guard of the service, where it has one, before anybody learns what a good request looks like. */
export function askGuards(guardOf: (path: string) => ServiceGuard | undefined): Interceptor {
  return async ({ method, metadata }, next) => {
    guardOf(method.path)?.(unpackHeaders(metadata));
    return next();
  };
}
