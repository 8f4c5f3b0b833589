import type { PosternError, RaiseOptions } from '@postern/errors';

/** Makes the error of a violated constraint; the entries of a catalogue fit. */
export type ConstraintError = (metadata: Record<string, never>, options: RaiseOptions) => PosternError;

const INTEGRITY = /^23/;

/**
 * Translates violations of named constraints (unique, foreign key, check, exclusion) into errors of the catalogue; anything else passes as it is and
 * ends up INTERNAL: `await em.flush().catch(onConstraint({ group__name_key: errors.GROUP_NAME_TAKEN }))`.
 */
export function onConstraint(errors: Readonly<Record<string, ConstraintError>>): (failure: unknown) => never {
  return (failure) => {
    const name = constraintOf(failure);
    const make = name !== undefined && Object.hasOwn(errors, name) ? errors[name] : undefined;
    throw make ? make({}, { cause: failure }) : failure;
  };
}

/** Name of the constraint that a driver error speaks of; undefined for other failures. */
export function constraintOf(failure: unknown): string | undefined {
  if (!(failure instanceof Error) || !('code' in failure) || !('constraint' in failure)) return undefined;
  const isIntegrity = typeof failure.code === 'string' && INTEGRITY.test(failure.code);
  return isIntegrity && typeof failure.constraint === 'string' ? failure.constraint : undefined;
}
