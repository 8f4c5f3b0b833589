import '@fastify/cookie';
import type { Host } from '../credentials/tenants.ts';
import type { Origin } from './client.address.ts';

/** What the edge knows about a request. */
export type Edge = {
  /** 32 hexadecimal digits: on the answer, in the logs and in every service. */
  readonly requestId: string;
  readonly origin: Origin;
  /** Path without the query. */
  readonly path: string;
  /** Query without the question mark, as it came. */
  readonly query: string;
  host?: Host;
};

declare module 'fastify' {
  interface FastifyRequest {
    /** Set before any hook or handler of a route runs. */
    edge: Edge;
  }
}
