import type { EntityName } from '@mikro-orm/core';
import type { Allowed, Constraints, EntityManager, List, PlainRow } from '@postern/database';
import type { Call } from '@postern/rpc';

/** Key of an object as paths and messages name it. */
export type Key = string | number;

/** What a plain resource is: the table, the message, and how one becomes the other. Everything else follows. */
export type Resource<Row extends object, Message extends object> = {
  /** Model label of the public contract, such as `authentik_rbac.role`. */
  readonly model: string;
  /** Labels of the families it belongs to, such as `authentik_core.provider`: fields may refer to it by them. */
  readonly families?: readonly string[];
  /** Full name of the message, such as `postern.directory.v1.Role`: its annotations say which fields refer to what. */
  readonly type: string;
  /** First words of the subjects of its events: `directory.v1.role` publishes `directory.v1.role.created`. */
  readonly subject: string;
  readonly entity: EntityName<Row>;
  readonly list: List<Row>;
  /** Property that paths name; the primary key by default. */
  readonly key?: keyof Row & string;
  /** Fields of the message that a caller may set, and the property each goes to. */
  readonly fields: Allowed<Row, Message>;
  /** What the object is called in events and in "used by". */
  title(row: PlainRow<Row>): string;
  /** Rows to messages, a page at a time, so that related rows cost one query and not one each. Keeps the order. */
  encode(rows: readonly PlainRow<Row>[], scope: Scope): Message[] | Promise<Message[]>;
  /** What other services keep about it: travels in its facts. Never a secret. */
  facts?(row: PlainRow<Row>): Readonly<Record<string, unknown>>;
  /** Which error a violated constraint means. */
  readonly constraints?: Constraints;
};

/** The transaction and the call that something happens in. */
export type Scope = { readonly em: EntityManager; readonly call: Call };
