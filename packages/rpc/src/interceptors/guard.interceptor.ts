import type { Interceptor } from '../exchange.ts';
import type { ServiceGuard } from '../service.definition.ts';
import { KEYS, unpackHeaders } from '../wire.ts';

/** The message in which nothing is set. */
const NOTHING = new Uint8Array();

/** Asks the guard of the service, where it has one, before anybody learns what a good request looks like. */
export function askGuards(guardOf: (path: string) => ServiceGuard | undefined): Interceptor {
  return async ({ method, metadata }, next) => {
    guardOf(method.path)?.(unpackHeaders(metadata));
    return metadata.has(KEYS.admission) ? NOTHING : next();
  };
}
