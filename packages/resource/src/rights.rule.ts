import type { Context } from '@postern/rpc';

/** What may be done by whoever has it. */
export type Rights = {
  readonly superuser: boolean;
  /** On everything. */
  readonly permissions: readonly string[];
  /** On one object or another. */
  readonly onObjects: readonly string[];
};

/**
 * What a caller lacks of somebody's rights: `superuser`, or the name of a permission; undefined where they have all of them. Which objects it
 * is on is not compared: whoever lacks a permission in general does not act for who has it anywhere. A service speaks for the platform.
 */
export function lackedOf(rights: Rights, { principal }: Pick<Context, 'principal'>): string | undefined {
  if (principal.kind === 'service' || (principal.kind === 'user' && principal.superuser)) return undefined;
  if (rights.superuser) return 'superuser';
  const held = principal.kind === 'user' ? principal.permissions : [];
  return [...rights.permissions, ...rights.onObjects].find((permission) => !held.includes(permission));
}
