import { providers } from '@postern/proto';
import type { Origin } from '@postern/rpc';
import type { Model } from './model.ts';
import type { ClientFactory } from './objects.client.ts';

/** A value that is set and never answered. */
export type HiddenValue = { readonly value: string; readonly isPublic: boolean };

/** Reads what objects of a model hide: by their keys, by field. Nothing for objects whose service does not tell. */
export type HiddenValues = (
  model: Model,
  keys: readonly string[],
  origin: Origin,
) => Promise<ReadonlyMap<string, ReadonlyMap<string, HiddenValue>>>;

/** Creates the reader. `providers` alone keeps objects with hidden values that are no credentials of people. */
export function createHiddenValues({ client }: { client: ClientFactory }): HiddenValues {
  const service = client(providers.HiddenValueServiceDefinition);
  return async ({ app, label, fields }, keys, origin) => {
    const isAsked = app === 'providers' && keys.length > 0 && [...fields.values()].some(({ readable }) => !readable);
    if (!isAsked) return new Map();
    const { values } = await service.readHiddenValues({ model: label, keys: [...keys] }, origin);
    const byKey = Map.groupBy(values, ({ key }) => key);
    return new Map(
      [...byKey].map(([key, own]) => [
        key,
        new Map(own.map(({ field, value, public: isPublic }) => [field, { value, isPublic }])),
      ]),
    );
  };
}
