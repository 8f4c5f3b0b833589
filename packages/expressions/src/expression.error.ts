import { invalidField, type PosternError } from '@postern/errors';
import type { LogLine, SyntaxProblem } from './contract.ts';

/**
 * Why an evaluation has no value.
 *
 * - `syntax`: the code does not compile.
 * - `raised`: it raised an exception.
 * - `time`: it computed for too long, or took too long in all.
 * - `memory`: it wanted more memory than it may have.
 * - `result`: it returned, or kept in its context, what cannot leave the interpreter.
 * - `crashed`: it brought its interpreter down, or the interpreter spoke out of turn.
 * - `overloaded`: too many evaluations wait.
 * - `unavailable`: no interpreter can be started, or the engine is closed.
 */
export type ExpressionFailure =
  | 'syntax'
  | 'raised'
  | 'time'
  | 'memory'
  | 'result'
  | 'crashed'
  | 'overloaded'
  | 'unavailable';

type Details = {
  line?: number;
  column?: number;
  traceback?: string;
  messages?: string[];
  logs?: LogLine[];
  cause?: unknown;
};

/** An evaluation that failed. The message is written for administrators; people who sign in must not see it. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
  readonly failure: ExpressionFailure;
  /** Line of the code, counted from 1, where that is known. */
  readonly line: number | undefined;
  readonly column: number | undefined;
  /** As Python prints it, with the lines of the expression alone. */
  readonly traceback: string;
  /** What `ak_message` was given before it failed. */
  readonly messages: readonly string[];
  readonly logs: readonly LogLine[];

  constructor(failure: ExpressionFailure, message: string, details: Details = {}) {
    super(message, { cause: details.cause });
    this.failure = failure;
    this.line = details.line;
    this.column = details.column;
    this.traceback = details.traceback ?? message;
    this.messages = details.messages ?? [];
    this.logs = details.logs ?? [];
  }
}

/** What a host function throws for the expression to see: `throw new HostFunctionError("Policy 'x' not found.")`. */
export class HostFunctionError extends Error {
  override readonly name = 'HostFunctionError';
}

/** The refusal of a field whose code does not compile: `Expression Syntax Error: invalid syntax (line 2, column 5)`. */
export function invalidExpression(problem: SyntaxProblem, field = 'expression'): PosternError {
  const place = `line ${problem.line}, column ${problem.column}`;
  return invalidField(field, `Expression Syntax Error: ${problem.message} (${place})`, 'EXPRESSION_SYNTAX');
}
