/** The standard life of a plain resource, and what every resource needs of its neighbours. */

export { eventContext } from './event-context.ts';
export { changeOf, type FieldChange, type Values, valuesOf } from './field.values.ts';
export { type GrantConsumerDeps, modelsAsked, rememberGrants } from './grants/grant.consumer.ts';
export { GRANTS_MIGRATION } from './grants/grant.migrations.ts';
export { createObjectRights } from './grants/object-rights.ts';
export { holdsOn, isVisible, visibleTo } from './grants/visible.ts';
export { type Guarding, guardWrites, overrides } from './guarded-writes.ts';
export { MODEL_CHANGED, type ModelObject, type ModelVerb, modelFact } from './model.facts.ts';
export {
  dropPicture,
  findPictures,
  keyOf,
  keyOfPath,
  picturePath,
  readPicture,
  type StoredPicture,
  storePicture,
} from './pictures/media.repository.ts';
export { MediaFileEntity } from './pictures/media-file.entity.ts';
export { pictureAddress } from './pictures/picture.address.ts';
export type { SafePicture } from './pictures/picture.kind.ts';
export { bindPictures, type PictureKeeper, type WantedPicture } from './pictures/picture.rpc.ts';
export { picturePolicy, pictureServer, type ServedPicture } from './pictures/picture.server.ts';
export { EVENT_RECORDED, type RecordedEvent, recordedFact } from './recorded.facts.ts';
export { type Deletion, readDeletion } from './references/deletion.ts';
export {
  createNeighbours,
  type Neighbours,
  type NeighboursDeps,
  type ReferenceClient,
} from './references/neighbours.ts';
export { KEEPERS, type Keeper, keeperOf, keepersOf } from './references/owner.ts';
export { forgetDeleted } from './references/reference.consumer.ts';
export { bindReferences } from './references/reference.rpc.ts';
export type { Key, Resource, Scope } from './resource.ts';
export { lackedOf, type Rights } from './rights.rule.ts';
export { type ResourceDeps, type StandardMethods, standardMethods } from './standard-methods.ts';
