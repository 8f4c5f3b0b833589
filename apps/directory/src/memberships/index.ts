/**
 * Who belongs to which group, and what that lets them do. A group hands on what its ancestors give; nobody may hand out, or take over,
 * more than they have themselves. Users and groups are two sides of it, and both build on this folder.
 */

export { groupNumber } from './group-number.ts';
export { membershipErrors } from './membership.errors.ts';
export { membersChanged } from './membership.events.ts';
export {
  type Ancestry,
  addUsersTo,
  ancestryOf,
  arrayOf,
  type Belonging,
  belongingsOf,
  type Change,
  type DirectGroup,
  findMissingGroups,
  groupFactsOf,
  isAncestor,
  type Rights,
  removeUserFrom,
  rightsOfGroups,
  rightsOfUser,
  setGroupsOf,
  setUsersOf,
} from './membership.repository.ts';
export { mayCall, requirePermission, requireRights } from './rights.rule.ts';
