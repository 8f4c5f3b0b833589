import type { Database } from '@postern/database';
import { invalidField } from '@postern/errors';
import { type ExpressionError, type Json, mappingVariables, sameText, type UserFacts } from '@postern/expressions';
import type { Outbox } from '@postern/messaging';
import { recordedFact } from '@postern/resource';
import { type FlowRequest, isJsonObject, type PlanContext, policyUser } from '../plans/index.ts';
import { eventContextOf } from './asked.ts';
import { hostFunctions } from './expression/host-functions.ts';
import { httpOf, isOwnFault, type PythonDeps } from './expression/python.ts';
import type { PolicyQuestion } from './policy.question.ts';

/** A program that makes a value of a prompt. */
export type PromptProgram = { readonly name: string; readonly code: string };

/** Where it is asked for. */
type Visit = { readonly context: PlanContext; readonly request: FlowRequest };

/** Programs that make values of prompts. */
export type PromptValues = {
  /** What they give, in their order; undefined for one that failed, of which the audit log is told. Throws where programs cannot be run at all. */
  readonly evaluate: (programs: readonly PromptProgram[], visit: Visit) => Promise<readonly (Json | undefined)[]>;
  /** The same for somebody who tries them out: one that fails is a field error that says why, and the audit log is not told. */
  readonly preview: PromptValues['evaluate'];
};

/** What follows from a program that failed. */
type Failing = (error: ExpressionError, program: PromptProgram, question: PolicyQuestion) => Promise<undefined>;

/** What evaluating them needs. */
export type PromptValuesDeps = PythonDeps & {
  readonly database: Pick<Database, 'write'>;
  readonly outbox: Pick<Outbox, 'record'>;
};

type Native = (user: UserFacts | undefined) => Json;

/** The programs that every tenant starts with, as the blueprints of the installation have them, and what they give. */
const NATIVES: ReadonlyMap<string, Native> = new Map<string, Native>([
  ['return user.username', (user) => user?.username ?? ''],
  ['return user.name', (user) => user?.name ?? ''],
  ['return user.email', (user) => user?.email ?? ''],
  ['return user.attributes.get("settings", {}).get("locale", "")', (user) => localeOf(user)],
]);

/** What a program means, if it is one that every tenant starts with. */
export function nativeValue(code: string): Native | undefined {
  const known = NATIVES.get(code);
  return known ?? [...NATIVES].find(([text]) => sameText(text, code))?.[1];
}

const TIMEOUT_MS = 30_000;

/** Creates the evaluator: the programs of every tenant natively, all others in the expression engine. */
export function createPromptValues(deps: PromptValuesDeps): PromptValues {
  async function valueFor(program: PromptProgram, user: UserFacts | undefined, visit: Visit, failed: Failing) {
    const { name, code } = program;
    const { context, request } = visit;
    const native = nativeValue(code);
    if (native) return native(user);
    const { tenant, query, client } = request;
    const asked = policyUser(context, request.requester);
    const question: PolicyQuestion = { tenant, target: '', mode: 'all', user: asked, context: {}, query, client };
    const variables = mappingVariables({
      user: user ?? null,
      http: await httpOf(code, tenant, client, deps.settings),
      others: { prompt_context: { ...context.prompt_data } },
    });
    const asPolicy = { pk: '', kind: '', name, logging: false, settings: {} };
    const run = { timeout: TIMEOUT_MS / 1000, signal: AbortSignal.timeout(TIMEOUT_MS) };
    const functions = hostFunctions(deps, asPolicy, question, run);
    try {
      return (await deps.expressions.evaluate({ tenant, name, kind: 'prompt', code, variables, functions })).value;
    } catch (error) {
      if (!isOwnFault(error)) throw error;
      return failed(error, program, question);
    }
  }

  const tell: Failing = async (error, { name, code }, question) => {
    const context = { message: error.traceback, expression: code, mapping: name };
    const fact = recordedFact('auth', { action: 'property_mapping_exception', app: EVALUATOR, context });
    await deps.database.write({ tenant: question.tenant }, (em) =>
      deps.outbox.record(em, eventContextOf(question), fact),
    );
    return undefined;
  };

  const evaluateAll = async (programs: readonly PromptProgram[], visit: Visit, failed: Failing) => {
    if (programs.length === 0) return [];
    const { context, request } = visit;
    const asked = policyUser(context, request.requester);
    const pk = asked?.kind === 'account' ? asked.pk : undefined;
    const user = pk === undefined ? undefined : (await deps.people.users(request.tenant, [pk])).get(pk);
    return Promise.all(programs.map((program) => valueFor(program, user, visit, failed)));
  };

  return {
    evaluate: (programs, visit) => evaluateAll(programs, visit, tell),
    preview: (programs, visit) => evaluateAll(programs, visit, complain),
  };
}

const complain: Failing = async ({ message, traceback }) => {
  throw invalidField('', traceback === '' ? message : traceback, 'EXPRESSION_FAILED');
};

const EVALUATOR = 'authentik.core.expression.evaluator';

function localeOf(user: UserFacts | undefined): Json {
  const settings = user?.attributes.settings;
  return isJsonObject(settings) ? (settings.locale ?? '') : '';
}
