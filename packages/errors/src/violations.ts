import type { RaiseOptions } from './catalogue.ts';
import { common } from './generic.errors.ts';
import type { PosternError, Violation } from './postern-error.ts';

/**
 * One field is wrong: `throw invalidField('name', 'This field must be unique.', 'NAME_TAKEN')`.
 *
 * @param field dotted path of proto field names; empty for the whole object
 */
export function invalidField(
  field: string,
  description: string,
  reason = 'INVALID',
  options: RaiseOptions = {},
): PosternError {
  return invalidFields([{ field, description, reason }], options);
}

/** Several fields are wrong; the caller hears of all of them at once. */
export function invalidFields(violations: readonly Violation[], options: RaiseOptions = {}): PosternError {
  return common.INVALID_FIELDS({}, { ...options, violations });
}
