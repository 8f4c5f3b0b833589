import type { Client, ServiceDefinition, ServiceName } from '@postern/rpc';
import type { FastifyInstance } from 'fastify';

const NOTHING = new Uint8Array();

/** grpc.health.v1, as far as asking needs it: an empty request, and a status in field 1 where 1 means SERVING. */
const HEALTH = {
  name: 'Health',
  fullName: 'grpc.health.v1.Health',
  methods: {
    check: {
      name: 'Check',
      requestType: { encode: () => ({ finish: () => NOTHING }), decode: () => ({}), fromPartial: () => ({}) },
      requestStream: false,
      responseType: {
        encode: () => ({ finish: () => NOTHING }),
        decode: (bytes: Uint8Array) => ({ serving: bytes[0] === 8 && bytes[1] === 1 }),
        fromPartial: () => ({ serving: false }),
      },
      responseStream: false,
    },
  },
} as const satisfies ServiceDefinition;

/** What health answers need. */
export type HealthDeps = {
  /** Whether this process can serve; false while it starts and drains. */
  isReady(): Promise<boolean> | boolean;
  client(definition: typeof HEALTH, app: ServiceName): Client<typeof HEALTH>;
  /** Services without which nobody is served. */
  needed: readonly ServiceName[];
};

const PATIENCE_MS = 1_000;

/** `/-/health/live/` says that the process runs; `/-/health/ready/` that it and the services it needs can answer. */
export function registerHealth(app: FastifyInstance, { isReady, client, needed }: HealthDeps): void {
  const clients = needed.map((name) => client(HEALTH, name));
  app.get('/-/health/live/', async (_request, reply) => reply.code(204).send());
  app.get('/-/health/ready/', async (_request, reply) => {
    const answers = await Promise.all([isReady(), ...clients.map(serves)]);
    return reply.code(answers.every(Boolean) ? 204 : 503).send();
  });
}

async function serves({ check }: Client<typeof HEALTH>): Promise<boolean> {
  try {
    const { serving } = await check({}, { context: {} }, { deadlineMs: PATIENCE_MS });
    return serving;
  } catch (error) {
    // Within one process there is no health service: whoever says so is there.
    return typeof error === 'object' && error !== null && 'code' in error && error.code === 'UNIMPLEMENTED';
  }
}
