import { defineEvent, type Fact, fact } from '@postern/messaging';
import { directory } from '@postern/proto';

const TYPE = 'postern.directory.v1.PermissionsChanged';
const OF_USER = defineEvent('directory.v1.user.permissions_changed', directory.PermissionsChanged, TYPE);
const OF_ROLE = defineEvent('directory.v1.role.permissions_changed', directory.PermissionsChanged, TYPE);

/** Somebody may do more, or less. */
export function permissionsChanged(change: directory.PermissionsChanged): Fact {
  return fact(change.holder_model === 'authentik_rbac.role' ? OF_ROLE : OF_USER, change);
}
