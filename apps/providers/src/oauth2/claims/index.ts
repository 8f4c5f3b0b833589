/** What tokens say about people: the property mappings of a client, evaluated. */

export { type ClaimsEvaluator, createClaims, type EvaluatedClaims } from './claims.ts';
export { type ClaimsSubject, nativeMapping } from './native.mappings.ts';
export { subjectOf } from './subject.ts';
