import type { ConfigOf, ConfigSchema } from '@postern/config';
import type { Database, DatabaseOptions, EntityManager, References } from '@postern/database';
import type { Catalogue } from '@postern/errors';
import type { Expressions } from '@postern/expressions';
import type { JobHandler } from '@postern/jobs';
import type { ConsumerOptions, EventBus, Messaging } from '@postern/messaging';
import type { Logger, Metrics } from '@postern/observability';
import type { BoundService, Client, Contract, Sealer, ServiceDefinition, ServiceName } from '@postern/rpc';

/** What every app is built from. */
export type PlainDeps<Config> = {
  readonly name: ServiceName;
  /** The app's own settings. */
  readonly config: Config;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly bus: EventBus;
  readonly sealer: Sealer;
  /** The descriptor set of all protos. */
  readonly contract: Contract;
  /** The installation's secret; several while it is being rotated: the first signs and seals, all verify and open. */
  readonly secrets: readonly string[];
  readonly clock: { now(): Date };
  /** Whether an app runs in this process, and so answers from `start` on. */
  hosts(app: ServiceName): boolean;
  /** Evaluates expressions of administrators. The apps of a process share it: what it runs takes memory. */
  readonly expressions: Expressions;
  /** Whether the process can serve; for a health answer of the app's own. */
  isReady(): Promise<boolean>;
  /**
   * A client of a service, wherever its app runs. The app follows from the proto package (`postern.auth.v1`); name it where several apps
   * implement one service.
   */
  client<Definition extends ServiceDefinition>(definition: Definition, app?: ServiceName): Client<Definition>;
};

/** What an app with data of its own is built from. */
export type StoringDeps<Config> = PlainDeps<Config> & {
  readonly database: Database;
  readonly messaging: Pick<Messaging<EntityManager>, 'outbox' | 'deadLetters'>;
};

/** What an app consists of, built and not yet running. */
export type AppParts = {
  services?: readonly BoundService[];
  /** What it knows of its objects. With it, callers count who hold a permission on single ones. */
  local?: References;
  consumers?: readonly ConsumerOptions<EntityManager>[];
  /** The kinds of job that this app runs. `tasks` says when; of an app without data it hears nothing. */
  jobs?: readonly JobHandler[];
  /**
   * Makes sure that a tenant has what it starts with. Runs for every new tenant, for the default one at every start, and for the others when
   * `seedVersion` has grown; in one transaction, one at a time: idempotent.
   */
  seed?(tenant: string, em: EntityManager): Promise<void>;
  /** Counts up when `seed` gives more than it did. Default 1. */
  seedVersion?: number;
  /** Deletes what names a deleted tenant in tables that have no `tenant_id`; rows with one are deleted by the frame. May run more than once. */
  forget?(tenant: string, em: EntityManager): Promise<void>;
  /** Opens what the app itself listens on; its own and the other services of the process answer already. */
  start?(): Promise<void>;
  /** The first step of the drain: stops listening, lets what is under way finish. */
  stop?(): Promise<void>;
};

/** The tables of an app; its schema is called like the app. */
export type AppData = Pick<DatabaseOptions, 'entities' | 'migrations' | 'schemas'>;

type Declared<Schema extends ConfigSchema> = {
  name: ServiceName;
  settings: Schema;
  /** The reasons it can give, for docs/errors.md. */
  errors?: readonly Catalogue[];
};

// Methods, because those are checked bivariantly: a list of manifests need not know the settings of each.
export type StoringManifest<Schema extends ConfigSchema = ConfigSchema> = Declared<Schema> & {
  database: AppData;
  build(deps: StoringDeps<ConfigOf<Schema>>): AppParts | Promise<AppParts>;
};

export type PlainManifest<Schema extends ConfigSchema = ConfigSchema> = Declared<Schema> & {
  database?: undefined;
  build(deps: PlainDeps<ConfigOf<Schema>>): AppParts | Promise<AppParts>;
};

/** An app as the frame sees it. */
export type AppManifest = StoringManifest | PlainManifest;

/** Declares an app; the compiler fits `build` to its settings and to whether it has data. */
export function defineApp<Schema extends ConfigSchema>(manifest: StoringManifest<Schema>): StoringManifest<Schema>;
export function defineApp<Schema extends ConfigSchema>(manifest: PlainManifest<Schema>): PlainManifest<Schema>;
export function defineApp(manifest: AppManifest): AppManifest {
  return manifest;
}
