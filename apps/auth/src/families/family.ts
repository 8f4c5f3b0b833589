import type { Allowed, Constraints, EntityManager, Filter, List, PlainRow } from '@postern/database';
import type { PosternError } from '@postern/errors';
import type { api } from '@postern/proto';
import type { Call } from '@postern/rpc';
import type { JsonObject, SettingsSchema } from '../plans/index.ts';

/** What the API calls a kind. */
export type FamilyModel = {
  /** Short name, as stored: `dummy`. */
  readonly kind: string;
  /** Model label: `authentik_stages_dummy.dummystage`. */
  readonly model: string;
  readonly verboseName: string;
  readonly verboseNamePlural: string;
  /** Component of the form that edits it. */
  readonly component: string;
  /** Left out of the list of types that an administrator chooses from. */
  readonly isForDebugging?: boolean;
};

/** What every row of a family has besides its settings. */
export type FamilyRow = { pk: string; kind: string; name: string };

/** A condition that leaves some rows. */
export type Narrowing = Readonly<Record<string, unknown>> | undefined;

/**
 * Objects of several kinds in one table: what all kinds have stands in columns, what only one knows in settings that its schema reads.
 *
 * @template Model what the family knows of a kind
 * @template Head what the API says about every object of the family
 */
export type Family<Row extends FamilyRow, Model extends FamilyModel, Head extends object> = {
  /** Model label of the family: fields refer to objects of any kind by it. */
  readonly label: string;
  /** First words of the subjects of its facts: `auth.v1.stage`. */
  readonly subject: string;
  readonly entity: List<Row>['entity'];
  readonly models: readonly Model[];
  /** Fields of messages that stand in columns. */
  readonly columns: Allowed<Row, Head>;
  /** What the objects of a kind can be listed by, besides its settings. */
  readonly filters: Readonly<Record<string, Filter>>;
  readonly ordering: Readonly<Record<string, string>>;
  readonly constraints: Constraints;
  /** All settings of a row, as the query builder and as the mapper read it. */
  readonly settingsOf: { plain(row: PlainRow<Row>): JsonObject; entity(row: Row): JsonObject };
  /** Puts settings into a row. */
  store(row: Row, model: Model, settings: JsonObject): void;
  /** Settings of a kind that are answered to nobody, or not to everybody. */
  readonly secrets: {
    /** They are no filters. */
    of(model: Model): readonly string[];
    /** What of them a caller does not see. */
    hiddenFrom(model: Model, context: Call['context']): readonly string[];
    /** Left out by an empty text. */
    kept(model: Model): readonly string[];
  };
  /** A list that asks for what no filter can compare. */
  narrow(em: EntityManager, model: Model, request: object, context: Call['context']): Promise<Narrowing>;
  /** What the API says about each of some rows. */
  heads(em: EntityManager, rows: readonly PlainRow<Row>[]): Promise<(row: PlainRow<Row>) => Head>;
  /** Makes whatever names an object in its own settings let go of it. */
  letGo(em: EntityManager, pk: string): Promise<void>;
  /** Who names an object where no reference says so. */
  uses(em: EntityManager, pk: string): Promise<api.UsedBy[]>;
};

/** A kind as a resource: its settings are the fields of its message. */
export type Kind<Model extends FamilyModel, S extends object, Head extends object, Message extends Head> = {
  readonly model: Model;
  /** Full name of the message. */
  readonly type: string;
  readonly settings: SettingsSchema<S>;
  readonly message: (head: Head, settings: S) => Message;
  /** What is wrong with settings that the proto's rules let pass, or with who changes them. No transaction waits for it. */
  readonly check?: (settings: S, call: Call, before: S) => Promise<PosternError | undefined> | PosternError | undefined;
};

/** No settings are secret, and nothing else hangs on the objects. */
export const PLAIN_FAMILY = {
  secrets: { of: () => [], hiddenFrom: () => [], kept: () => [] },
  narrow: async () => undefined,
} as const;
