/** What tokens say about people: the property mappings of a client, evaluated. */

export {
  type ClaimsDeps,
  type ClaimsEvaluator,
  createClaims,
  type EvaluatedClaims,
  type FailedProgram,
} from './claims.ts';
export { namedClaims } from './named.claims.ts';
export { type ClaimsSubject, nativeMapping } from './native.mappings.ts';
export { type ClaimWish, type ClaimWishes, scopesGiving, selectClaims } from './requested.claims.ts';
export { isReserved, withoutReserved } from './reserved.claims.ts';
export { subjectOf } from './subject.ts';
