import { defineList, exact } from '@postern/database';
import { DeviceEntity } from './device.entity.ts';

/** What the lists of devices offer. */
export const deviceList = defineList({
  entity: DeviceEntity,
  filters: { name: exact('name') },
  search: ['name'],
  ordering: { name: 'name', pk: 'pk' },
  defaultOrder: ['name'],
});
