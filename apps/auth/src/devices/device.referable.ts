import { type Condition, type Referable, referable } from '@postern/database';
import { DeviceEntity } from './device.entity.ts';
import { DEVICE_MODELS, type DeviceModel } from './device.models.ts';

/** Devices of each class, as objects that somebody may hold permissions on. */
export const DEVICE_REFERABLES: readonly Referable[] = Object.values(DEVICE_MODELS).map(ofClass);

function ofClass({ model, class: cls }: DeviceModel): Referable {
  const base = referable({ model, entity: DeviceEntity, title: ({ name }) => name });
  const within = (where: Condition): Condition => ({ ...where, class: cls });
  return {
    ...base,
    find: (em, where) => base.find(em, within(where)),
    remove: (em, where) => base.remove(em, within(where)),
    change: (em, where, values) => base.change(em, within(where), values),
  };
}
