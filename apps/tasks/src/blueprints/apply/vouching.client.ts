import { auth, type directory, references } from '@postern/proto';
import { keepersOf } from '@postern/resource';
import { type Client, MAX_VOUCHED, type ServiceDefinition, type ServiceName, vouchOf } from '@postern/rpc';
import type { Json, JsonObject } from '../format/index.ts';
import type { Model } from '../registry/index.ts';
import type { FoundObject, Session } from './session.ts';

/** What vouching needs. */
export type VouchingDeps = {
  readonly client: <Definition extends ServiceDefinition>(
    definition: Definition,
    app?: ServiceName,
  ) => Client<Definition>;
};

const USER = 'authentik_core.user';

/**
 * For which objects this application speaks to the service of a model: those that the values refer to, that another service made in this change
 * set, and that this service says are what the field wants.
 */
export function createVouching({ client }: VouchingDeps) {
  const credentials = client(auth.CredentialServiceDefinition);

  async function isThere(session: Session, keeper: ServiceName, model: string, key: string): Promise<boolean> {
    const id = vouchOf(model, key);
    const known = session.confirmed.get(id);
    if (known !== undefined) return known;
    const owner = client(references.ReferenceServiceDefinition, keeper);
    const { keys } = await owner.exists({ model, keys: [key] }, session.changeSet.reading(keeper));
    session.confirmed.set(id, keys.length > 0);
    return keys.length > 0;
  }

  /** `auth` keeps its own notes of users, which follow the facts of the directory: of a user made just now it must be told. */
  async function introduce(session: Session, pk: string): Promise<void> {
    const user = session.made.get(pk.toLowerCase())?.find(({ model }) => model.label === USER)?.object;
    if (!user || session.introduced.has(pk)) return;
    await credentials.keepAccount({ user: factsOf(user) }, await session.changeSet.writing('auth'));
    session.introduced.add(pk);
  }

  return {
    async vouchFor(session: Session, model: Model, value: Readonly<Record<string, unknown>>): Promise<string[]> {
      const vouched = new Set<string>();
      const own = new Set<string>();
      for (const { name, reference } of model.fields.values()) {
        if (reference === undefined) continue;
        for (const key of keysIn(value[name])) {
          const keeper = makerOf(session, reference, key);
          // What its own service made, it sees; it need not look for what it answered itself.
          if (keeper === model.app && isItsOwn(session, reference, key)) own.add(vouchOf(reference, key));
          if (keeper === undefined || keeper === model.app) continue;
          if (!(await isThere(session, keeper, reference, key))) continue;
          vouched.add(vouchOf(reference, key));
          if (model.app === 'auth' && reference === USER) await introduce(session, key);
        }
      }
      return [...vouched, ...[...own].slice(0, Math.max(0, MAX_VOUCHED - vouched.size))];
    },
  };
}

/** Vouches for what a change set made. */
export type Vouching = ReturnType<typeof createVouching>;

/** The service that made an object in this change set. A family, such as what policies are bound to, has members in several. */
function makerOf({ made }: Session, reference: string, key: string): ServiceName | undefined {
  const keepers: readonly ServiceName[] = keepersOf(reference);
  return made.get(key.toLowerCase())?.find(({ model }) => keepers.includes(model.app))?.model.app;
}

/** Whether an object that this change set made is, by what made it, what a field refers to. Where something was deleted since, it may be gone with that. */
function isItsOwn({ made, hasDeleted }: Session, reference: string, key: string): boolean {
  const isWanted = ({ model }: FoundObject) => [model.label, model.family].includes(reference);
  return !hasDeleted && made.get(key.toLowerCase())?.some(isWanted) === true;
}

function keysIn(value: unknown): string[] {
  return [value].flat().flatMap((key) => (typeof key === 'string' || typeof key === 'number' ? [String(key)] : []));
}

/** A user as other services keep them. */
export function factsOf(user: JsonObject): directory.UserFacts {
  const text = (value: Json | undefined) => String(value ?? '');
  return {
    pk: Number(user.pk),
    uuid: text(user.uuid),
    username: text(user.username),
    name: text(user.name),
    email: text(user.email),
    type: text(user.type),
    is_active: user.is_active === true,
    path: text(user.path),
  };
}
