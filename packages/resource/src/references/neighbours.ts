import { collectUsedBy, type UsedBy } from '@postern/database';
import { invalidFields, type Violation } from '@postern/errors';
import { type references as api, type ReferenceField, referenceFields } from '@postern/proto';
import { asService, type Call, type Client, type Contract, isVouched } from '@postern/rpc';
import type { Key } from '../resource.ts';
import { KEEPERS, type Keeper, keepersOf } from './owner.ts';

/** What an app asks the others, and itself, about the objects that fields name. */
export type Neighbours = {
  /**
   * Throws a field error for every key in `message` that names no object of the caller's tenant. Which fields refer to what stands in the proto.
   *
   * @param type full name of the message
   * @param mask fields that an update is about; undefined for all
   */
  require(type: string, message: object, mask: readonly string[] | undefined, call: Call): Promise<void>;
  /** The objects, of any app, that refer to this one, as far as the caller may view them. */
  usedBy(model: string, key: Key, call: Call): Promise<UsedBy[]>;
  /** Names of objects by key; those that do not exist are left out. */
  describe(model: string, keys: readonly Key[], call: Call): Promise<ReadonlyMap<string, string>>;
};

/** Asks one app about references. */
export type ReferenceClient = Client<typeof api.ReferenceServiceDefinition>;

export type NeighboursDeps = {
  /** The reference service of each app. */
  clientOf(app: Keeper): ReferenceClient;
  contract: Contract;
};

/** Creates the view of an app on its neighbours. */
export function createNeighbours({ clientOf, contract }: NeighboursDeps): Neighbours {
  const byType = Map.groupBy(referenceFields(contract.registry), ({ message }) => message.typeName);
  const own = (call: Call) => asService(call.context.tenant, call);

  async function missing({ field, reference }: ReferenceField, message: object, call: Call): Promise<Violation[]> {
    const held = heldBy(message, field.name);
    if (held.length === 0) return [];
    const { changeSet } = call.context;
    // What the same change set made elsewhere cannot be seen from here yet.
    const asked = changeSet ? held.filter((key) => !isVouched(changeSet, reference.model, key)) : held;
    if (asked.length === 0) return [];
    const clients = keepersOf(reference.model).map(clientOf);
    const batches = batchesOf([...new Set(asked)]);
    const answers = await Promise.all(
      clients.flatMap((client) => batches.map((keys) => client.exists({ model: reference.model, keys }, own(call)))),
    );
    const known = new Set(answers.flatMap(({ keys }) => keys.map((key) => key.toLowerCase())));
    return held
      .filter((key) => !known.has(key.toLowerCase()) && !isVouched(changeSet, reference.model, key))
      .map((key) => ({
        // The contract says it of the list, not of the item: the key tells which one is meant.
        field: field.name,
        description: `Invalid pk "${key}" - object does not exist.`,
        reason: 'REFERENCE_NOT_FOUND',
      }));
  }

  return {
    async require(type, message, mask, call) {
      const fields = (byType.get(type) ?? []).filter(({ field }) => mask?.includes(field.name) ?? true);
      const violations = await Promise.all(fields.map((field) => missing(field, message, call)));
      if (violations.some((found) => found.length > 0)) throw invalidFields(violations.flat());
    },

    async usedBy(model, key, call) {
      const clients = KEEPERS.map((app) => ({
        usedBy: async (target: string, id: string) =>
          (await clientOf(app).usedBy({ model: target, key: id }, own(call))).items as UsedBy[],
      }));
      return collectUsedBy(clients, { model, key: String(key) }, (seen) => mayView(seen, call));
    },

    async describe(model, keys, call) {
      if (keys.length === 0) return new Map();
      const wanted = [...new Set(keys.map(String))];
      const answers = await Promise.all(
        keepersOf(model).map((app) => clientOf(app).describe({ model, keys: wanted }, own(call))),
      );
      return new Map(answers.flatMap(({ names }) => Object.entries(names)));
    },
  };
}

/** Keys that one question may name. */
const BATCH = 1_000;

function batchesOf(keys: readonly string[]): string[][] {
  const count = Math.ceil(keys.length / BATCH);
  return Array.from({ length: count }, (_, index) => keys.slice(index * BATCH, (index + 1) * BATCH));
}

/** The keys that a field of a message holds, as text; an empty text is no key. */
function heldBy(message: object, field: string): string[] {
  const value: unknown = Reflect.get(message, field);
  return [value]
    .flat()
    .filter((key) => key !== undefined && key !== null && key !== '')
    .map(String);
}

function mayView(model: string, { context: { principal } }: Call): boolean {
  if (principal.kind === 'service') return true;
  if (principal.kind === 'anonymous') return false;
  const [label, name] = model.split('.');
  return principal.superuser || principal.permissions.includes(`${label}.view_${name}`);
}
