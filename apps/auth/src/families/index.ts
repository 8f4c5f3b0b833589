/**
 * Families: objects of several kinds in one table, such as stages and policies. The verbs of a kind, and those of the family, are written once; a family
 * says what its objects have in common, a kind which settings it has.
 */

export { type FamilyObjects, familyObjects } from './family.objects.ts';
export { type Family, type FamilyModel, type Kind, PLAIN_FAMILY } from './family.ts';
export { type KindMethods, kindMethods } from './kind.methods.ts';
