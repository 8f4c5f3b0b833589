import type { PolicyQuestion, PolicyResult } from '../policy.question.ts';

/** A managed expression whose meaning is known here: it costs no interpreter. */
export type NativePolicy = {
  /** The text as it is managed. */
  readonly expression: string;
  readonly evaluate: (question: PolicyQuestion) => Promise<PolicyResult>;
};

/** Finds the native form of an expression. Once an administrator changes what it says, it is an expression like any other. */
export type NativeFinder = (expression: string) => NativePolicy['evaluate'] | undefined;

/** Looks expressions up among the managed ones. */
export function nativeFinder(policies: readonly NativePolicy[]): NativeFinder {
  const known = new Map(policies.map(({ expression, evaluate }) => [essence(expression), evaluate]));
  return (expression) => known.get(essence(expression));
}

/** What an expression says, without its comments and the blanks at the ends of its lines. */
function essence(expression: string): string {
  return expression
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '' && !line.trimStart().startsWith('#'))
    .join('\n');
}
