/** Free-form properties of brands, groups and users, how they add up, and which of them may be shown as pictures. */

export { type Json, type JsonObject, mergeAttributes, objectAt, textAt } from './attributes.ts';
export { isPictureAddress } from './picture.address.ts';
