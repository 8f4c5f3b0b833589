/** The error catalogue: every reason Postern can give, and the class that carries one. */

export { checkCatalogues, renderCatalogues } from './catalogue.document.ts';
export {
  type Catalogue,
  type CatalogueEntry,
  defineErrors,
  type ErrorConstructorOf,
  type ErrorDefinition,
  type MetadataInput,
  type RaiseOptions,
} from './catalogue.ts';
export { CODE_NUMBERS, type Code, codeOf, isCode } from './code.ts';
export { common } from './generic.errors.ts';
export { PosternError, type PosternErrorFields, type Violation } from './postern-error.ts';
export { invalidField, invalidFields } from './violations.ts';
