import { changeSetErrors } from '@postern/database';
import { changes } from '@postern/proto';
import {
  asService,
  type Client,
  type Context,
  inChangeSet,
  MAX_VOUCHED,
  type Origin,
  type ServiceDefinition,
  type ServiceName,
} from '@postern/rpc';
import { BlueprintError } from '../format/index.ts';

/** What opening change sets needs. */
export type ChangeSetDeps = {
  readonly client: <Definition extends ServiceDefinition>(
    definition: Definition,
    app?: ServiceName,
  ) => Client<Definition>;
  /** This app: it commits last. */
  readonly own: ServiceName;
};

/** A change set over several services, from its first change to its end. */
export type OpenChangeSet = {
  readonly id: string;
  readonly tenant: string;
  /** The services that changed something, in the order in which they commit. */
  readonly apps: readonly ServiceName[];
  /** For calls that read: in the transaction of the service, if it has one. */
  reading(app: ServiceName): Origin;
  /** For calls that change: in the transaction of the service, which is opened when it has none. Throws CHANGE_SETS_BUSY. */
  writing(app: ServiceName, vouched?: readonly string[]): Promise<Origin>;
  /** Commits service after service. Throws PartlyCommitted when some may have committed and others not; after any other error nothing was kept. */
  commit(): Promise<void>;
  /** Takes everything back. Never throws: a service that does not hear it rolls back by itself. */
  rollback(): Promise<void>;
};

/** Some services committed, and one did not, or may not have: the rest is still to be done. */
export class PartlyCommitted extends Error {
  override readonly name = 'PartlyCommitted';
}

/** Well within the silence after which a service rolls back. */
const KEEP_EVERY_MS = 3_000;

/** Who asked for the changes, for the audit log. */
export type Asker = Pick<Context, 'principal' | 'client'>;

/** Opens a change set. No service hears of it before its first change. */
export function openChangeSet(
  { client, own }: ChangeSetDeps,
  { id, tenant, asker }: { id: string; tenant: string; asker?: Asker | undefined },
): OpenChangeSet {
  const open = new Set<ServiceName>();
  // Who it was, not what they may do: the list of that is long, and travels with each call.
  const actor = asker?.principal.kind === 'user' ? { ...asker.principal, permissions: [] } : undefined;
  const madeOf = (vouched: readonly string[]) => ({ id, tenant, vouched, ...(actor && { actor }) });
  // Most calls vouch for nothing: they share what they are signed with.
  const plain = madeOf([]);
  const originOf = (vouched: readonly string[] = []) =>
    inChangeSet(vouched.length === 0 ? plain : madeOf(vouched), asker?.client);
  const partOf = (app: ServiceName) => client(changes.ChangeSetServiceDefinition, app);
  const order = () => [...open].sort((a, b) => Number(a === own) - Number(b === own));

  const keeping = setInterval(() => {
    // One that is lost says so at the next call that matters.
    for (const app of open)
      partOf(app)
        .keep({}, originOf())
        .catch(() => undefined);
  }, KEEP_EVERY_MS).unref();

  async function rollback(): Promise<void> {
    clearInterval(keeping);
    await Promise.allSettled([...open].map((app) => partOf(app).rollback({}, originOf())));
    open.clear();
  }

  return {
    id,
    tenant,
    get apps() {
      return order();
    },
    reading: (app) => (open.has(app) ? originOf() : asService(tenant)),
    async writing(app, vouched) {
      if ((vouched?.length ?? 0) > MAX_VOUCHED) {
        throw new BlueprintError(`An entry refers to no more than ${MAX_VOUCHED} objects that its blueprint makes.`);
      }
      if (!open.has(app)) {
        await partOf(app).begin({}, originOf());
        open.add(app);
      }
      return originOf(vouched);
    },
    async commit() {
      const apps = order();
      for (const [index, app] of apps.entries()) {
        try {
          await partOf(app).commit({}, originOf());
          open.delete(app);
        } catch (error) {
          await rollback();
          if (index === 0 && isRefusal(error)) throw error;
          throw new PartlyCommitted(`${app} did not commit`, { cause: error });
        }
      }
      clearInterval(keeping);
    },
    rollback,
  };
}

/** The service answered, and did not commit. Any other failure leaves open whether it did. */
function isRefusal(error: unknown): boolean {
  return changeSetErrors.CHANGE_SET_LOST.is(error) || changeSetErrors.CHANGE_SET_CONFLICT.is(error);
}
