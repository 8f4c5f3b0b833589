import type { api } from '@postern/proto';
import type { Call } from '@postern/rpc';
import type { Key } from './resource.ts';

/** What a service asks about objects that others own, and that others own of its own. */
export type References = {
  /**
   * Throws a field error for every key in `message` that names no object the caller's tenant has. Fields that refer to something say so in
   * the proto.
   *
   * @param type full name of the message
   * @param mask fields that an update is about; undefined for all
   */
  require(type: string, message: object, mask: readonly string[] | undefined, call: Call): Promise<void>;
  /** The objects, of any service, that refer to this one, as far as the caller may see them. */
  usedBy(model: string, key: Key, call: Call): Promise<api.UsedBy[]>;
};
