/** The standard life of a plain resource, and what every resource needs of its neighbours. */

export { eventContext } from './event-context.ts';
export { MODEL_CHANGED, type ModelObject, type ModelVerb, modelFact } from './model.facts.ts';
export type { References } from './references.ts';
export type { Key, Resource, Scope } from './resource.ts';
export { type ResourceDeps, type StandardMethods, standardMethods } from './standard-methods.ts';
