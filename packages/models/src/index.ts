/** What the contract calls its apps, its models and the permissions on them. The names are part of the wire; clients choose among them before there are objects. */

export { findPermission, PERMISSIONS, type Permission } from './permissions.ts';
export { APPS, MODELS, type Named } from './vocabulary.ts';
