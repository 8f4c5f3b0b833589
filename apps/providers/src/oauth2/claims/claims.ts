import type { OAuth2Client, ScopeProgram } from '../../clients/index.ts';
import { mergeClaims } from './merge.ts';
import { type ClaimsSubject, NATIVE_MAPPINGS, type NativeMapping } from './native.mappings.ts';

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

/**
 * Creates the evaluator: the mappings whose scope was granted, in the order of their scopes, merged.
 *
 * @param defaults the programs of the platform's own mappings, by managed key: one that still has this text is evaluated natively
 */
export function createClaims({ defaults }: { defaults: ReadonlyMap<string, string> }): ClaimsEvaluator {
  const nativeOf = ({ managed, expression }: ScopeProgram): NativeMapping | undefined =>
    managed !== undefined && defaults.get(managed) === expression ? NATIVE_MAPPINGS.get(managed) : undefined;

  return async (client, scopes, subject) => {
    const granted = client.scopes.filter(({ scopeName }) => scopes.includes(scopeName));
    let claims: Readonly<Record<string, unknown>> = {};
    const failed: ScopeProgram[] = [];
    for (const program of granted.toSorted(byScope)) {
      const native = nativeOf(program);
      if (native) claims = mergeClaims(claims, await native(subject));
      else failed.push(program);
    }
    return { claims, failed };
  };
}

function byScope({ scopeName: a }: ScopeProgram, { scopeName: b }: ScopeProgram): number {
  return a < b ? -1 : Number(a > b);
}

/** Names of the claims that the platform's own mappings give; discovery lists them. */
export const NATIVE_CLAIMS: ReadonlyMap<string, readonly string[]> = new Map([
  ['goauthentik.io/providers/oauth2/scope-email', ['email', 'email_verified']],
  ['goauthentik.io/providers/oauth2/scope-profile', ['name', 'given_name', 'preferred_username', 'nickname', 'groups']],
  ['goauthentik.io/providers/proxy/scope-proxy', ['sid', 'ak_proxy']],
]);
