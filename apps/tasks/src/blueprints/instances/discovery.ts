import type { Database, EntityManager } from '@postern/database';
import type { Jobs } from '@postern/jobs';
import type { Outbox } from '@postern/messaging';
import type { Catalog, CatalogFile, Folder } from '../sources/index.ts';
import { isOciPath } from '../sources/index.ts';
import { Instance, type InstanceEntity } from './instance.entity.ts';
import { orderApplication } from './instance.orders.ts';
import { noteStanding, stateOf, tenantsBehind } from './instance.standing.ts';

export type DiscoveryDeps = {
  readonly db: Pick<Database, 'read' | 'system' | 'write'>;
  readonly jobs: Pick<Jobs, 'enqueueAll'>;
  readonly outbox: Outbox;
  readonly catalog: Catalog;
  readonly folder: Pick<Folder, 'has'>;
  readonly clock: { now(): Date };
};

/** Keeps the instances of tenants in step with the files of the folder. */
export type Discovery = {
  /**
   * Looks at every file for these tenants, or for all that are behind what the folder holds; answers how many files there are. Whoever is up to date costs
   * nothing, however many they are.
   */
  run(tenants: readonly string[] | undefined, signal: AbortSignal): Promise<number>;
  /** Looks at every file for one tenant, and orders nothing: answers which instances are to be applied. */
  due(tenant: string): Promise<DueInstance[]>;
};

/** An instance that is to be applied, and the hash of its text. */
export type DueInstance = Pick<InstanceEntity, 'pk' | 'name'> & { readonly hash: string };

/** Label by which a blueprint asks not to become an instance by itself. */
const INSTANTIATE = 'blueprints.goauthentik.io/instantiate';

/** Creates the discovery. */
export function createDiscovery({ db, jobs, outbox, catalog, folder, clock }: DiscoveryDeps): Discovery {
  /** A new file becomes an instance; one that differs from what was applied is applied; an instance whose file is gone goes. */
  async function discover(
    tenant: string,
    files: readonly CatalogFile[],
    gone: ReadonlySet<string>,
    order?: (em: EntityManager, due: readonly DueInstance[]) => Promise<unknown>,
  ): Promise<DueInstance[]> {
    return db.write({ tenant }, async (em) => {
      // One at a time: two would make the same instances.
      await em.execute('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`postern.blueprints.${tenant}`]);
      const rows = await em.find(Instance, { path: { $ne: '' } });
      const byPath = Map.groupBy(rows, ({ path }) => path);
      for (const row of rows) if (gone.has(row.path)) em.remove(row);
      const taken = await em.execute<{ name: string }[]>('select name from blueprint_instance');
      const names = new Set(taken.map(({ name }) => name));
      const made = files
        .filter((file) => !byPath.has(file.path) && file.metadata?.labels[INSTANTIATE]?.toLowerCase() !== 'false')
        .map((file) => create(em, file, names));
      await em.flush();
      const hashes = new Map(files.map(({ path, hash }) => [path, hash]));
      const due = [...rows.filter(({ path }) => !gone.has(path)), ...made]
        .filter((row) => isDue(row, hashes))
        .map(({ pk, name, path }) => ({ pk, name, hash: hashes.get(path) ?? '' }));
      if (due.length === 0) await noteStanding(em, outbox, { tenant, state: stateOf(files) });
      else await order?.(em, due);
      return due;
    });
  }

  function create(em: EntityManager, { path, metadata }: CatalogFile, names: Set<string>): InstanceEntity {
    const wanted = metadata?.name ?? path;
    const name = names.has(wanted) ? `${wanted} (${path})` : wanted;
    names.add(name);
    const labels = metadata && { name: metadata.name, labels: metadata.labels };
    const row = em.create(Instance, {
      name,
      path,
      credentials: '',
      content: '',
      metadata: labels ?? {},
      lastApplied: clock.now(),
    });
    em.persist(row);
    return row;
  }

  /** Paths of instances, of all these tenants, behind which there is no file any more. */
  async function goneAmong(tenant: string, known: Map<string, boolean>): Promise<Set<string>> {
    const rows = await db.read({ tenant }, (em) =>
      em.execute<{ path: string }[]>("select distinct path from blueprint_instance where path <> ''"),
    );
    const paths = rows.map(({ path }) => path).filter((path) => !isOciPath(path));
    for (const path of paths) if (!known.has(path)) known.set(path, !(await folder.has(path)));
    return new Set(paths.filter((path) => known.get(path)));
  }

  return {
    async run(tenants, signal) {
      // A folder that cannot be read throws here: no instance goes because a disk is away.
      const files = await catalog.files();
      const known = new Map<string, boolean>();
      const behind = tenants ?? (await db.system((em) => tenantsBehind(em, stateOf(files))));
      for (const tenant of behind) {
        signal.throwIfAborted();
        await discover(tenant, files, await goneAmong(tenant, known), (em, due) =>
          jobs.enqueueAll(
            em,
            { tenant },
            due.map((one) => orderApplication(one, one.hash)),
          ),
        );
      }
      return files.length;
    },

    due: async (tenant) => discover(tenant, await catalog.files(), await goneAmong(tenant, new Map())),
  };
}

function isDue({ path, enabled, lastAppliedHash }: InstanceEntity, hashes: ReadonlyMap<string, string>): boolean {
  const hash = hashes.get(path);
  return enabled && hash !== undefined && hash !== lastAppliedHash;
}
