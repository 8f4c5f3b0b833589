import { tasks } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';

/** The version of the API that is served: that of the public contract. Clients compare it with what they were made for. */
export const API_VERSION = '2023.10.4';

/** What a version looks like that nobody has looked for: older than any. */
const UNKNOWN = '0.0.0';

/** Tells which version of the API is served. Nobody looks for a later one. */
export function bindVersion({ buildHash }: { readonly buildHash: string }): BoundService {
  return bind(tasks.VersionServiceDefinition, {
    getVersion: async () => ({
      version_current: API_VERSION,
      version_latest: UNKNOWN,
      build_hash: buildHash,
      outdated: false,
    }),
  });
}
