import { setTimeout as sleep } from 'node:timers/promises';
import type { Expressions } from './contract.ts';
import { invalidExpression } from './expression.error.ts';

/** An interpreter that is not at hand by then does not keep anybody from saving: code that does not compile fails when it is used. */
const PATIENCE_MS = 5_000;

/** What many answer with who compute nothing: it compiles, and takes no interpreter to know. */
const PLAIN = /^return (?:True|False|None|\{\}|\[\]|""|'')\n?$/;

/** Refuses code that does not compile, with a field error for `expression`. Code that is undefined or empty is not looked at. */
export async function requireCode(
  expressions: Pick<Expressions, 'check'>,
  code: string | undefined,
  tenant: string,
): Promise<void> {
  if (!code || PLAIN.test(code)) return;
  const unknown = new AbortController();
  const checked = expressions.check({ tenant, code }).catch(() => undefined);
  const late = sleep(PATIENCE_MS, undefined, { signal: unknown.signal, ref: false }).catch(() => undefined);
  const problem = await Promise.race([checked, late]).finally(() => unknown.abort());
  if (problem) throw invalidExpression(problem);
}
