import type { OAuth2Client, ScopeProgram } from '../../clients/index.ts';
import { mergeClaims } from './merge.ts';
import { type ClaimsSubject, nativeMapping } from './native.mappings.ts';

/** Claims about somebody, and the mappings that could not be evaluated. */
export type EvaluatedClaims = {
  readonly claims: Readonly<Record<string, unknown>>;
  /** They gave nothing; whoever issues a token tells the administrators. */
  readonly failed: readonly ScopeProgram[];
};

/** Evaluates the mappings of a client. */
export type ClaimsEvaluator = (
  client: Pick<OAuth2Client, 'scopes'>,
  scopes: readonly string[],
  subject: ClaimsSubject,
) => Promise<EvaluatedClaims>;

/** Creates the evaluator: the mappings whose scope was granted, in the order of their scopes, merged. */
export function createClaims(): ClaimsEvaluator {
  return async (client, scopes, subject) => {
    const granted = client.scopes.filter(({ scopeName }) => scopes.includes(scopeName));
    let claims: Readonly<Record<string, unknown>> = {};
    const failed: ScopeProgram[] = [];
    for (const program of granted.toSorted(byScope)) {
      const native = nativeMapping(program.expression);
      if (native) claims = mergeClaims(claims, await native.evaluate(subject));
      else failed.push(program);
    }
    return { claims, failed };
  };
}

function byScope({ scopeName: a }: ScopeProgram, { scopeName: b }: ScopeProgram): number {
  return a < b ? -1 : Number(a > b);
}
