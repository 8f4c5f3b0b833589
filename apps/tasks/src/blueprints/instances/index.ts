/**
 * Instances of blueprints: which ones a tenant has, where their text is, when they were applied and how that went. They are applied when somebody asks, and
 * when their file changes; files of the folder become instances of every tenant by themselves.
 */

export {
  type ApplicationLog,
  type ApplicationOutcome,
  type ApplyPort,
  describeLog,
} from './application.port.ts';
export { Instance, type InstanceEntity, type InstanceStatus } from './instance.entity.ts';
export { instanceErrors } from './instance.errors.ts';
export { INSTANCE_MIGRATIONS } from './instance.migrations.ts';
export { referableInstances } from './instance.resource.ts';
export { createInstances, type InstancesDeps } from './instances.ts';
export {
  createKnownInstances,
  type FoundInstance,
  type KnownInstancesDeps,
} from './known.instances.ts';
