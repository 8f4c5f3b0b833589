import { type directory, tasks } from '@postern/proto';
import { asService, type BoundService, bind, type Call, type Client } from '@postern/rpc';
import { requestFacts } from './request-facts.ts';

/** What the service needs. */
export type SystemDeps = {
  readonly hosts: Pick<Client<typeof directory.HostServiceDefinition>, 'describeHost'>;
  readonly runtime: tasks.SystemRuntime;
  readonly clock: { now(): Date };
  /** What the installation can do at the moment, in the words of the contract, such as `can_geo_ip`. */
  readonly capabilities: () => readonly string[];
};

/** Tells administrators how their request arrived and what answered it, and the other services what this one can do. */
export function bindSystem({ hosts, runtime, clock, capabilities }: SystemDeps): BoundService {
  async function describe(_request: unknown, call: Call): Promise<tasks.SystemInfo> {
    const { client, tenant } = call.context;
    const { brand } = await hosts.describeHost({}, asService(tenant, call));
    return {
      http_headers: requestFacts(client, call.headers),
      http_host: client.host,
      http_is_secure: client.scheme === 'https',
      runtime,
      brand,
      server_time: clock.now().toISOString(),
      embedded_outpost_host: '',
    };
  }

  return bind(tasks.SystemServiceDefinition, {
    getSystemInfo: describe,
    postSystemInfo: describe,
    listCapabilities: async () => ({ capabilities: [...capabilities()] }),
  });
}
