/**
 * Blueprints: files that say which objects there shall be. `format` reads them, `sources` finds them, `registry` knows the models they may speak of, `apply`
 * makes it so, and `instances` remembers which ones a tenant has and how the last application went.
 */

export { BLUEPRINTS, type BlueprintsDeps, createBlueprints } from './blueprints.ts';
