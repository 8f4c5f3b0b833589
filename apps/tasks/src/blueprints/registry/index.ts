/**
 * The models that blueprints may speak of, derived from the protos: which operations a model has, which fields it takes and gives, and which of them refer to
 * what. A new resource is reachable as soon as its proto is there.
 */

export { createHiddenValues, type HiddenValue, type HiddenValues } from './hidden-values.client.ts';
export { readModels } from './model.codec.ts';
export type { Model, ModelField, ModelOperations, Models } from './model.ts';
export {
  bodyOf,
  type ClientFactory,
  createObjects,
  type Decoded,
  type Objects,
  type ObjectsDeps,
} from './objects.client.ts';
export { createPictures, type Picture, type Pictures, type Upload } from './pictures.client.ts';
