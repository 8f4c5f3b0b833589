import { hidden } from '@postern/proto';
import type { Origin, ServiceName } from '@postern/rpc';
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

/** Services that keep objects with hidden values which are no credentials of people: keys and secrets of sources, secrets of stages. */
const KEEPERS: readonly ServiceName[] = ['auth', 'providers'];

/** Creates the reader. */
export function createHiddenValues({ client }: { client: ClientFactory }): HiddenValues {
  const services = new Map(KEEPERS.map((app) => [app, client(hidden.HiddenValueServiceDefinition, app)]));
  return async ({ app, label, fields }, keys, origin) => {
    const service = services.get(app);
    const hides = [...fields.values()].some(({ readable }) => !readable);
    if (service === undefined || keys.length === 0 || !hides) return new Map();
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
