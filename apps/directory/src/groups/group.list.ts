import { anyOf, asNumber, attributes, boolean, booleanText, defineList, exact, some } from '@postern/database';
import { Group } from './group.entity.ts';

/** What lists of groups offer. */
export const groupList = defineList({
  entity: Group,
  filters: {
    name: exact('name'),
    is_superuser: boolean('isSuperuser'),
    attributes: attributes('attributes'),
    members_by_pk: some('users', anyOf('pk', asNumber)),
    members_by_username: some('users', anyOf('username')),
  },
  search: ['name', booleanText('isSuperuser')],
  ordering: { pk: 'pk', name: 'name', is_superuser: 'isSuperuser', parent: 'parent' },
  defaultOrder: ['name'],
});
