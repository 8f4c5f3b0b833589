import type { AnyEntity, EntityClass, EntitySchema } from '@mikro-orm/core';
import { type EntityManager, MikroORM, type PostgreSqlDriver } from '@mikro-orm/postgresql';
import { type ChangeSets, createHeldTransactions } from './change-sets/change-sets.ts';
import { checkSchema } from './check-schema.ts';
import { translateFailure } from './failure.ts';
import { LaneEntityManager } from './lane/lane.mapper.ts';
import type { LaneTransaction } from './lane/lane.transaction.ts';
import { createLane, type Lane } from './lane/lane.ts';
import type { DatabaseLog } from './log.ts';
import { type Migration, migrate } from './migrate.ts';
import { createMapperLogger, type QueryTiming } from './query-timing.ts';
import { withRetry } from './retry.ts';
import { attachSecretBox } from './secret.type.ts';
import { createSecretBox, type SecretBox } from './secret-box.ts';
import { prepareServingRole } from './serving-role.ts';
import { TENANT_SETTING } from './tenancy.ts';

/** How an app reaches its data. */
export type DatabaseOptions = {
  /** Address of the server with the credentials of the schema's owner. */
  url: string;
  /** The app's schema, such as `directory`. */
  schema: string;
  entities: readonly (EntitySchema | EntityClass<AnyEntity>)[];
  migrations: readonly Migration[];
  /** Further schemas that the migrations make, named `<schema>_...`, for a library with tables of its own: the serving role may use them. */
  schemas?: readonly string[];
  /** The installation's secret; several while it is being rotated: the first seals, all open. */
  secretKey: string | readonly string[];
  log: DatabaseLog;
  /** Connections at most. Default 10. */
  poolSize?: number;
  /** How many of them change sets may hold at once, and after how many milliseconds of silence one ends. Default 2, 10 s. */
  changeSets?: { limit?: number; silenceMs?: number };
  /** Told about every statement: its text without values, and how many milliseconds it took. */
  onQuery?: (timing: QueryTiming) => void;
};

/** Whose rows a transaction sees. With a change set, work happens in the transaction that is held for it. */
export type TenantScope = { tenant: string; changeSet?: { readonly id: string } | undefined };

/** How a transaction behaves. */
export type WriteScope = TenantScope & { isolation?: 'read committed' | 'repeatable read' | 'serializable' };

/** What happens inside one transaction. */
export type Work<Result> = (em: EntityManager) => Promise<Result>;

/** An app's data. Every access is a transaction; the role behind it cannot look past row-level security. */
export type Database = {
  readonly schema: string;
  /** Address with the serving role's credentials, for a connection of one's own (LISTEN). A secret. */
  readonly url: string;
  /** Seals and opens values outside of entities. */
  readonly secrets: SecretBox;
  /** Connections at most. */
  readonly connections: number;
  /** Brings the schema up to date. Several processes may call it at once. */
  migrate(): Promise<void>;
  /** Reads rows of one tenant; a write fails. */
  read<Result>(scope: TenantScope, work: Work<Result>): Promise<Result>;
  /** Changes rows of one tenant, flushed and committed at the end. `work` runs again after a deadlock, so it changes nothing else. */
  write<Result>(scope: WriteScope, work: Work<Result>): Promise<Result>;
  /** Works on tables that belong to no tenant; rows of tenants are out of reach. */
  system<Result>(work: Work<Result>, options?: { readOnly?: boolean }): Promise<Result>;
  /**
   * Runs one statement as a transaction of its own, in one message and without the mapper: the shortest way to rows. Mark it {@link prepared}.
   * It may change rows. Without a scope it sees the tables that belong to no tenant. Without rows to show, the answer is empty.
   */
  statement<Result extends object>(
    scope: TenantScope | undefined,
    sql: string,
    values: readonly unknown[],
  ): Promise<Result[]>;
  /** The transactions that are held for change sets. */
  readonly changeSets: ChangeSets;
  /** What the entities say and the tables do not, one sentence each; empty when they agree. For tests. */
  checkSchema(): Promise<string[]>;
  /** Whether the database answers. */
  isReady(): Promise<boolean>;
  close(): Promise<void>;
};

/** Connects an app to its schema. Rejects when the role it would serve with can bypass row-level security. */
export async function connectDatabase(options: DatabaseOptions): Promise<Database> {
  const { url, schema, migrations, log } = options;
  const secrets = [options.secretKey].flat();
  const box = createSecretBox(secrets);
  const role = await prepareServingRole(url, schema, secrets[0] ?? '');
  const lane = createLane({
    searchPath: settingsOf(schema).search_path,
    onQuery: options.onQuery,
    format: (sql, values) => orm.em.getPlatform().formatQuery(sql, values),
  });
  const orm = await openMapper(options, role.url, lane);
  // Makes the pool, which the lane shares with the mapper.
  await orm.connect();
  attachSecretBox(orm.config.getPlatform(), box);
  const run = transactions(orm, lane, schema, log);
  const held = heldTransactions(orm, lane, options);
  const alone = (tenant: string | undefined, sql: string, values: readonly unknown[]) => {
    const attempt = () => lane.alone({ tenant }, sql, values);
    return withRetry(attempt, (cause) => log.debug({ cause, schema }, 'statement tried again'))
      .catch((error: Error) => {
        throw orm.em.getDriver().convertException(error);
      })
      .catch(translateFailure);
  };
  return {
    schema,
    url: role.url,
    secrets: box,
    connections: options.poolSize ?? USUAL_CONNECTIONS,
    migrate: () => migrate({ url, schema, further: options.schemas ?? [], role: role.name, migrations, log }),
    // Repeatable, so that a page and its count see the same rows.
    read: ({ tenant, changeSet }, work) =>
      changeSet === undefined
        ? run({ tenant, readOnly: true, isolation: 'repeatable read' }, work)
        : held.run({ tenant, changeSet }, work),
    write: ({ tenant, isolation, changeSet }, work) =>
      changeSet === undefined ? run({ tenant, isolation }, work) : held.run({ tenant, changeSet }, work),
    statement: async <Result extends object>(
      scope: TenantScope | undefined,
      sql: string,
      values: readonly unknown[],
    ) =>
      scope?.changeSet === undefined
        ? ((await alone(scope?.tenant, sql, values)) as Result[])
        : held.run({ tenant: scope.tenant, changeSet: scope.changeSet }, (em) =>
            em.execute<Result[]>(sql, [...values]),
          ),
    system: (work, { readOnly } = {}) => run({ readOnly }, work),
    changeSets: held,
    checkSchema: () => checkSchema(orm, schema),
    isReady: () => orm.isConnected(),
    async close() {
      await held.close();
      await orm.close();
    },
  };
}

const USUAL_CONNECTIONS = 10;

/** How long a transaction waits for a connection, in milliseconds, before the database counts as unreachable. */
const CONNECT_TIMEOUT = 5_000;

type Scope = { tenant?: string; readOnly?: boolean; isolation?: WriteScope['isolation'] };

function settingsOf(schema: string) {
  return { search_path: `"${schema}", public` };
}

function heldTransactions(orm: MikroORM, lane: Lane, options: DatabaseOptions) {
  const { schema, log, poolSize = USUAL_CONNECTIONS, changeSets } = options;
  const { limit = 2, silenceMs = 10_000 } = changeSets ?? {};
  const base = settingsOf(schema);
  return createHeldTransactions({
    transactionOf: (tenant) => lane.hold({ tenant }),
    mapperOf: (tenant, transaction) => mapperIn(orm, { ...base, [TENANT_SETTING]: tenant }, transaction),
    log,
    // Those who hold none need connections, too.
    limit: Math.max(1, Math.min(limit, poolSize - 2)),
    silenceMs,
  });
}

/** A fresh mapper that works in a transaction. The lane says the settings; repositories read the tenant from them. */
function mapperIn(orm: MikroORM, settings: Readonly<Record<string, string>>, transaction: LaneTransaction) {
  // Without this the mapper forks whatever transaction the caller is in, even one of another app's database.
  const em = orm.em.fork({ disableContextResolution: true }) as EntityManager;
  em.setSessionContext({ variables: settings });
  em.setTransactionContext(transaction);
  return em;
}

function transactions(orm: MikroORM, lane: Lane, schema: string, log: DatabaseLog) {
  const base = settingsOf(schema);
  return <Result>(scope: Scope, work: Work<Result>): Promise<Result> => {
    const { tenant } = scope;
    const settings = tenant === undefined ? base : { ...base, [TENANT_SETTING]: tenant };
    const attempt = () =>
      lane.within(scope, async (transaction) => {
        const em = mapperIn(orm, settings, transaction);
        const result = await work(em);
        await em.flush();
        return result;
      });
    return withRetry(attempt, (cause) => log.debug({ cause, schema }, 'transaction tried again')).catch(
      translateFailure,
    );
  };
}

function openMapper(options: DatabaseOptions, url: string, lane: Lane): Promise<MikroORM> {
  const { schema, entities, log, poolSize = USUAL_CONNECTIONS, onQuery } = options;
  return MikroORM.init<PostgreSqlDriver>({
    clientUrl: url,
    schema,
    entities: [...entities],
    entityManager: LaneEntityManager,
    pool: { min: 0, max: poolSize },
    driverOptions: {
      application_name: `postern ${schema}`,
      connectionTimeoutMillis: CONNECT_TIMEOUT,
      onPoolCreated: lane.open,
    },
    discovery: { warnWhenNoEntities: false },
    loggerFactory: () => createMapperLogger(log, onQuery),
  });
}
