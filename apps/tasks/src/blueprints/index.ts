/**
 * Blueprints: files that say which objects there shall be. `format` reads them, `sources` finds them, `registry` knows the models they may speak of, `apply`
 * makes it so, and `instances` remembers which ones a tenant has and how the last application went.
 */

export type { ApplyBlueprint, BlueprintLog } from './apply/index.ts';
export { BLUEPRINTS, type BlueprintsDeps, createBlueprints } from './blueprints.ts';
export {
  type Blueprint,
  BlueprintError,
  type Entry,
  type Json,
  type JsonObject,
  type Limits,
  parseBlueprint,
  printBlueprint,
  type Tagged,
  tag,
  tagged,
} from './format/index.ts';
export {
  type ClientFactory,
  createObjects,
  type Model,
  type ModelField,
  type Models,
  type Objects,
  readModels,
} from './registry/index.ts';
