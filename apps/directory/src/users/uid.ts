import { createHash } from 'node:crypto';

/** Makes the unguessable name of a user out of their key. It never changes: other systems know the user by it. */
export type UidOf = (pk: number) => string;

/** Creates the maker of names for an installation. */
export function createUidOf(installId: string): UidOf {
  return (pk) => createHash('sha256').update(`${pk}-${installId}`).digest('hex');
}
