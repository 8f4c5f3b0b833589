/**
 * The format of blueprints, version 1: text to entries, entries to plain data. Pure: no database, no calls. A document is read with limits (size, depth,
 * nodes, entries), its tags are evaluated against a `Scope` that whoever applies it provides, and what is wrong is said with entry, field and line.
 */

export * from './blueprint.error.ts';
export { type BlueprintMemory, createBlueprintMemory } from './blueprint.memory.ts';
export { parseBlueprint } from './blueprint.parser.ts';
export { printBlueprint } from './blueprint.printer.ts';
export * from './blueprint.ts';
export { contextOf } from './context.ts';
export { resolveEntry } from './entry.resolver.ts';
export { asJsonObject, isJsonObject, type Json, type JsonObject } from './json.ts';
export { DEFAULT_LIMITS, type Limits } from './limits.ts';
export {
  describePicture,
  digestOf,
  type PictureFile,
  pictureContext,
  pictureKey,
  pictureName,
  picturesAskedBy,
  readPicture,
  type WantedPicture,
} from './picture.values.ts';
export { tag, tagged, taggedMap } from './tagged.ts';
export { withoutCredentials } from './urls.ts';
