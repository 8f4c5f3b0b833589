import type { Collection, Primary, Reference } from '@mikro-orm/core';

/** A row as the query builder returns it: columns by property name, keys in place of related rows, no collections. */
export type PlainRow<Entity> = {
  [Name in keyof Entity as Entity[Name] extends Skipped ? never : Extract<Name, string>]: Plain<Entity[Name]>;
};

type Skipped = Collection<object> | ((...args: never[]) => unknown);

type Plain<Value> = Value extends Date | string | number | boolean | bigint | null | undefined | readonly unknown[]
  ? Value
  : Value extends Reference<infer Target>
    ? Primary<Target>
    : Value extends { pk: infer Key }
      ? Key
      : Value;
