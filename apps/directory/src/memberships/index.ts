/**
 * Who belongs to which group, and what that lets them do. A group hands on what its ancestors give; nobody may hand out, or take over,
 * more than they have themselves. Users and groups are two sides of it, and both build on this folder.
 */

export {
  type Ancestry,
  above,
  ancestryOf,
  type Belonging,
  belongingsOf,
  type DirectGroup,
  isAncestor,
  permissionsOf,
  rightsOfAll,
  rightsOfGroups,
  rightsOfRole,
  rightsOfUser,
  SUPERUSER_GROUPS,
  THEIR_MEMBERS,
} from './ancestry.repository.ts';
export { groupNumber } from './group-number.ts';
export { membershipErrors } from './membership.errors.ts';
export { membersChanged } from './membership.events.ts';
export {
  addGroupsTo,
  addUsersTo,
  type Change,
  findGroups,
  type GroupFacts,
  groupFactsOf,
  removeUserFrom,
  setGroupsOf,
  setUsersOf,
} from './membership.repository.ts';
export { arrayOf } from './query.ts';
export { mayCall, requirePermission, requireRights, requireRightsOf, requireThemselves } from './rights.rule.ts';
