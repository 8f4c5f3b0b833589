import type { fieldRules } from '@postern/proto';

/** Value rules of a field, as `buf.validate` declares them. */
export type FieldRules = NonNullable<ReturnType<typeof fieldRules>>;

/** When rules do not apply: the values of `buf.validate.Ignore` by name. */
export const Ignore = {
  IGNORE_ALWAYS: 'IGNORE_ALWAYS',
  IGNORE_IF_ZERO_VALUE: 'IGNORE_IF_ZERO_VALUE',
} as const satisfies Partial<Record<NonNullable<FieldRules['ignore']>, string>>;
