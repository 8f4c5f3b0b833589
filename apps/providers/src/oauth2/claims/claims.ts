import { ExpressionError, object, type Value } from '@postern/expressions';
import type { Call } from '@postern/rpc';
import type { OAuth2Client, ScopeProgram } from '../../clients/index.ts';
import type { MappingPrograms } from '../../property-mappings/index.ts';
import { mergeClaims } from './merge.ts';
import { type ClaimsSubject, nativeMapping } from './native.mappings.ts';
import { withoutReserved } from './reserved.claims.ts';

/** A mapping that gave nothing, and why. */
export type FailedProgram = { readonly program: ScopeProgram; readonly error: ExpressionError };

/** Claims about somebody. */
export type EvaluatedClaims = {
  /** Nothing in them is reserved: they may stand beside the claims of any token. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** They gave nothing; the administrators have been told. */
  readonly failed: readonly FailedProgram[];
};

/** Evaluates the mappings of a client. */
export type ClaimsEvaluator = (
  client: OAuth2Client,
  scopes: readonly string[],
  subject: ClaimsSubject,
  call: Call,
) => Promise<EvaluatedClaims>;

export type ClaimsDeps = {
  readonly programs: MappingPrograms;
  /** Tells the administrators; without it, claims are tried out and programs write no events. */
  readonly tell?: (client: OAuth2Client, failed: readonly FailedProgram[], call: Call) => Promise<void>;
};

type Claims = Readonly<Record<string, unknown>>;

/**
 * Creates the evaluator: the mappings whose scope was granted, in the order of their scopes, merged. The platform's own need no interpreter
 * while their text is unchanged. One that fails gives nothing, and the others go on.
 */
export function createClaims({ programs, tell }: ClaimsDeps): ClaimsEvaluator {
  return async (client, scopes, subject, call) => {
    const granted = client.scopes.filter(({ scopeName }) => scopes.includes(scopeName)).toSorted(byScope);
    const failed: FailedProgram[] = [];

    async function given(program: ScopeProgram): Promise<unknown> {
      const native = nativeMapping(program.expression);
      if (native) return native.evaluate(subject);
      const others = { provider: providerValue(client), token: object('token', { scope: [...scopes] }) };
      const about = { person: subject.person, others, isTrial: tell === undefined };
      return programs.run(program, about, call).catch((error: unknown) => {
        if (!(error instanceof ExpressionError)) throw error;
        failed.push({ program, error });
      });
    }

    const all = await Promise.all(granted.map(given));
    if (failed.length > 0) await tell?.(client, failed, call);
    return { claims: withoutReserved(all.filter(isClaims).reduce(mergeClaims, {})), failed };
  };
}

/** What programs see of the client; its secret is not among it. */
function providerValue({ pk, name, clientId, clientType, subMode, issuerMode, application }: OAuth2Client): Value {
  return object('provider', {
    pk,
    name,
    client_id: clientId,
    client_type: clientType,
    sub_mode: subMode,
    issuer_mode: issuerMode,
    application: application ? object('application', { ...application, policyEngineMode: undefined }) : null,
  });
}

/** A program may give nothing; what is no dictionary counts as nothing. */
function isClaims(value: unknown): value is Claims {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function byScope({ scopeName: a }: ScopeProgram, { scopeName: b }: ScopeProgram): number {
  return a < b ? -1 : Number(a > b);
}
