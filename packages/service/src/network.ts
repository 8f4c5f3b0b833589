import {
  type Channel,
  type Client,
  type ClientDeps,
  createClient,
  grpcChannel,
  type RpcServer,
  type ServiceDefinition,
  type ServiceName,
  type Tls,
} from '@postern/rpc';

const APPS: readonly ServiceName[] = ['gateway', 'auth', 'directory', 'providers', 'tasks'];

/** Whether some app runs in another process. */
export function isApart(hosted: ReadonlySet<ServiceName>): boolean {
  return APPS.some((app) => !hosted.has(app));
}

/** The services, near and far, as clients see them. */
export type Network = {
  client<Definition extends ServiceDefinition>(
    from: ServiceName,
    definition: Definition,
    app?: ServiceName,
  ): Client<Definition>;
  /** Says that an app answers in this process. Clients made before find it too. */
  host(app: ServiceName, server: RpcServer): void;
  close(): void;
};

export type NetworkDeps = Omit<ClientDeps, 'service' | 'joinsChangeSets'> & {
  /** Apps that this process hosts: they are never called over the network. */
  hosted: ReadonlySet<ServiceName>;
  addressOf(app: ServiceName): string;
  tls?: Tls;
};

/** Creates the network. Nothing is connected before the first call. */
export function createNetwork({ hosted, addressOf, tls, ...deps }: NetworkDeps): Network {
  const near = new Map<ServiceName, Channel>();
  const far = new Map<ServiceName, Channel>();

  function channelTo(app: ServiceName): Channel {
    const known = near.get(app) ?? far.get(app);
    if (known) return known;
    if (hosted.has(app)) throw new TypeError(`${app} was called before it was started`);
    const channel = grpcChannel(addressOf(app), { tls });
    far.set(app, channel);
    return channel;
  }

  return {
    client(from, definition, app = ownerOf(definition)) {
      // Apps are built before they are started: the way is looked up when the call is made.
      const channel: Channel = {
        unary: (path, request, options) => channelTo(app).unary(path, request, options),
        close: () => undefined,
      };
      return createClient(definition, channel, { ...deps, service: from, joinsChangeSets: from === app });
    },
    host(app, server) {
      near.set(app, server.channel());
    },
    close() {
      for (const channel of [...near.values(), ...far.values()]) channel.close();
    },
  };
}

/** `postern.auth.v1.TokenService` belongs to auth. */
function ownerOf({ fullName }: ServiceDefinition): ServiceName {
  const [, name] = fullName.split('.');
  const owner = APPS.find((app) => app === name);
  if (!owner) throw new TypeError(`${fullName} belongs to no app: name the one to call`);
  return owner;
}
