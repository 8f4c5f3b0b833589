import type { Context, UserPrincipal } from './caller.ts';

/**
 * What somebody holds on single objects. Asked only where they lack the permission on everything; each question is one statement that an index
 * answers.
 */
export type ObjectRights = {
  /** On how many objects they hold the permission. */
  any(permission: string, context: Context): Promise<Extent>;
  /** Whether they hold it on this object, by the name that paths give it. */
  on(permission: string, name: string, context: Context): Promise<boolean>;
};

/** On how many objects somebody holds something: `few` are quicker looked up, of `many` those that a page shows are quicker asked about. */
export type Extent = 'none' | 'few' | 'many';

/** What a list may show its caller. */
export type Reach =
  | { readonly kind: 'all' }
  /** Those objects on which the user, or one of the roles, holds the permission. */
  | {
      readonly kind: 'granted';
      readonly permission: string;
      readonly user: number;
      readonly roles: readonly string[];
      readonly extent: Extent;
    };

/** What a list of somebody may show who lacks the permission on everything. */
export function grantedTo({ user, roles = [] }: UserPrincipal, permission: string, extent: Extent): Reach {
  return { kind: 'granted', permission, user: user.pk, roles, extent };
}
