import { loadConfig } from '@postern/config';
import { createLocalBus, type EventBus } from '@postern/messaging';
import { createLogger } from '@postern/observability';
import {
  type BoundService,
  type Channel,
  createClient,
  createRpcServer,
  createSealer,
  loadContract,
  type Principal,
  type ServiceDefinition,
} from '@postern/rpc';
import { gatewayConfig } from '../config.ts';
import { createGateway, type Gateway } from '../gateway.ts';
import {
  aUser,
  type KnownCredentials,
  type Premises,
  premises,
  principalService,
  servingPairService,
  TENANT,
  tenantService,
} from './identity.services.ts';
import { widgetService } from './widget.service.ts';

/** A gateway in front of real servers over the in-memory transport. */
export type TestGateway = Gateway & {
  readonly known: KnownCredentials;
  /** How often `auth` was asked. */
  readonly asked: { count: number };
  readonly bus: EventBus;
  readonly premises: Premises;
  /** Everything that was logged. */
  logged(): string;
  /** Moves the clock of the gateway. */
  wait(milliseconds: number): void;
  /** Takes the services away, and brings them back. */
  setDown(isDown: boolean): void;
};

const SECRET = 'a secret key for tests';

/** Builds a gateway with the test-only service. Settings are `POSTERN_*` variables. */
export async function aGateway(env: Record<string, string> = {}, webDir?: string): Promise<TestGateway> {
  const contract = loadContract();
  const sealer = createSealer(SECRET);
  const lines: string[] = [];
  const log = createLogger({ level: 'debug', output: { write: (line) => void lines.push(line) } });
  const bus = createLocalBus();
  const asked = { count: 0 };
  const known: KnownCredentials = new Map<string, Principal>([
    ['jane-token', aUser()],
    ['viewer-token', aUser({ permissions: ['postern_conformance.view_widget'] })],
    ['jane:her:password', aUser({ via: 'password' })],
    ['jane-session', aUser({ via: 'session', session: 's1' })],
    ['service-token', { kind: 'service', tenant: TENANT, name: 'auth' }],
  ]);
  const around = premises();
  const services: BoundService[] = [
    widgetService(),
    principalService(known, sealer, asked),
    tenantService(around),
    servingPairService(around),
  ];
  const server = createRpcServer({ services, sealer, log, contract });
  let isDown = false;
  let offset = 0;
  const near = server.channel();
  const channel: Channel = {
    unary: async (path, request, options) =>
      isDown
        ? { code: 14, details: 'connection refused', body: new Uint8Array(), trailer: new Map() }
        : near.unary(path, request, options),
    close: () => near.close(),
  };
  const gateway = await createGateway({
    config: loadConfig(gatewayConfig, { env }),
    registry: contract.registry,
    client: <Definition extends ServiceDefinition>(definition: Definition) =>
      createClient(definition, channel, { sealer, service: 'gateway' }),
    sealer,
    log,
    bus,
    clock: { now: () => new Date(Date.now() + offset) },
    webDir: webDir ?? import.meta.dirname,
    apps: ['conformance'],
  });
  await bus.start();
  return {
    ...gateway,
    known,
    asked,
    bus,
    premises: around,
    logged: () => lines.join(''),
    wait: (milliseconds) => {
      offset += milliseconds;
    },
    setDown: (down) => {
      isDown = down;
    },
    async close() {
      await gateway.close();
      await bus.close();
      await server.close(0);
    },
  };
}
