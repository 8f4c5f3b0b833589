import { type Bundle, createBundles, type Database, type EntityManager } from '@postern/database';
import type { Outbox } from '@postern/messaging';
import type { LocalApi } from './local-api.client.ts';

/** What bundles of rows need. */
export type RowBundlesDeps = {
  readonly db: Database;
  readonly outbox: Outbox;
  /** Serves the operations over a database and an outbox. */
  readonly serve: (db: Database, outbox: Outbox) => LocalApi;
};

/** Rows that share a transaction. */
export type RowBundle = {
  readonly em: EntityManager;
  /** Does what one row says. Where that throws, it is taken back with its events, and the other rows stay. */
  row<Result>(work: () => Promise<Result>): Promise<Result>;
};

/** The operations of the API, many of them in one transaction. */
export type RowBundles = {
  readonly api: LocalApi;
  /** Runs `work` in a transaction of a tenant, again after a deadlock. What is called by the API meanwhile is part of it; its events are stored at the end. */
  run<Result>(tenant: string, work: (bundle: RowBundle) => Promise<Result>): Promise<Result>;
};

type Envelopes = ReturnType<Outbox['seal']>;

/** Creates bundles of rows. */
export function createRowBundles({ db, outbox, serve }: RowBundlesDeps): RowBundles {
  const bundles = createBundles(db);
  const gathered = new WeakMap<Bundle, Envelopes>();

  /** The outbox as operations know it, which says within a bundle at the end what it is told: one statement for all rows. */
  const gathering: Outbox = {
    ...outbox,
    async record(sql, context, facts) {
      const bundle = bundles.current();
      const envelopes = bundle && gathered.get(bundle);
      if (envelopes === undefined) return outbox.record(sql, context, facts);
      await sql.flush?.();
      const news = outbox.seal(context, [facts].flat());
      envelopes.push(...news);
      return news.map(({ id }) => id);
    },
  };

  return {
    api: serve(bundles.database, gathering),
    run: (tenant, work) =>
      bundles.run({ tenant }, async (bundle) => {
        const envelopes: Envelopes = [];
        gathered.set(bundle, envelopes);
        const result = await work({ em: bundle.em, row: rowsIn(bundle, envelopes) });
        await outbox.store(bundle.em, envelopes);
        return result;
      }),
  };
}

function rowsIn({ piece }: Bundle, envelopes: Envelopes): RowBundle['row'] {
  return async (work) => {
    const before = envelopes.length;
    try {
      return await piece(work);
    } catch (error) {
      envelopes.length = before;
      throw error;
    }
  };
}
