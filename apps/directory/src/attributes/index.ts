/** Free-form properties of brands, groups and users, and how they add up. */

export { type Json, type JsonObject, mergeAttributes, objectAt, textAt } from './attributes.ts';
