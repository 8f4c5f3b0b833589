/**
 * Expressions of administrators: small Python programs, evaluated in a locked child process.
 */

export type {
  Changes,
  Evaluation,
  Expression,
  ExpressionKind,
  ExpressionSettings,
  Expressions,
  Filters,
  HostCall,
  HostFunction,
  HostFunctions,
  Kept,
  KeyChanges,
  LogLine,
  PolicyAnswer,
  SyntaxProblem,
  Variables,
} from './contract.ts';
export {
  createExpressionPeople,
  directoryUser,
  type ExpressionClients,
  type ExpressionPeople,
  peopleFunctions,
} from './directory-people.ts';
export { ExpressionError, type ExpressionFailure, HostFunctionError, invalidExpression } from './expression.error.ts';
export { createExpressions, type ExpressionsDeps } from './expressions.ts';
export type { Json, JsonObject } from './json.ts';
export { type ModelKind, ModelObject, object, type Value } from './model-object.ts';
export { type GroupFacts, groupObject, type UserFacts, userObject } from './people.ts';
export { requireCode } from './require-code.ts';
export { sameText } from './same-text.ts';
export {
  type HttpRequestFacts,
  type MappingFacts,
  mappingVariables,
  type PolicyFacts,
  policyVariables,
} from './variables.ts';
