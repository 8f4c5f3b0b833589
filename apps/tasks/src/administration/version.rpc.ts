import { tasks } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import { comesBefore } from './version.order.ts';

/** The version of the API that is served: that of the public contract. Clients compare it with what they were made for. */
export const API_VERSION = '2023.10.4';

/** What a version looks like that nobody looks for: older than any. */
const UNKNOWN = '0.0.0';

/** What the service needs. */
export type VersionDeps = {
  readonly buildHash: string;
  /** Version of Postern. */
  readonly own: string;
  /** Whether anybody looks for later versions. */
  readonly isChecked: boolean;
  /** The latest version of Postern that was heard of. */
  readonly findLatest: () => Promise<string | undefined>;
};

/** Tells which version of the API is served, and whether there is a later Postern. */
export function bindVersion({ buildHash, own, isChecked, findLatest }: VersionDeps): BoundService {
  return bind(tasks.VersionServiceDefinition, {
    async getVersion() {
      const latest = isChecked ? await findLatest() : UNKNOWN;
      return {
        version_current: API_VERSION,
        version_latest: latest ?? API_VERSION,
        build_hash: buildHash,
        outdated: latest !== undefined && comesBefore(own, latest),
      };
    },
  });
}
