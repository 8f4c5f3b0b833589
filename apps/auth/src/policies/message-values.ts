import { type Json, mappingVariables, object } from '@postern/expressions';
import type { FlowRequest, JsonObject } from '../plans/index.ts';
import { hostFunctions } from './expression/host-functions.ts';
import { httpOf, type PythonDeps } from './expression/python.ts';
import type { PolicyQuestion } from './policy.question.ts';

/** A message with a code, for which a program is run. */
export type MessageCase = {
  readonly request: FlowRequest;
  /** Key of whom it is for. */
  readonly user: number;
  readonly code: string;
  /** Where it goes: `phone_number`, `name`. */
  readonly device: JsonObject;
  /** The stage that sends it: `pk`, `name`. */
  readonly stage: JsonObject;
};

/** Programs that make what is posted to somebody who sends messages. */
export type MessageValues = {
  /** What a program returns. Throws ExpressionError when it fails. */
  readonly evaluate: (program: { readonly name: string; readonly code: string }, about: MessageCase) => Promise<Json>;
};

const TIMEOUT_MS = 30_000;

/** Creates the evaluator: programs see `user`, `device`, `token` and `stage`. */
export function createMessageValues(deps: PythonDeps): MessageValues {
  return {
    evaluate: async ({ name, code }, about) => {
      const { tenant, query, client } = about.request;
      const person = (await deps.people.users(tenant, [about.user])).get(about.user);
      const variables = mappingVariables({
        user: person ?? null,
        http: await httpOf(code, tenant, client, deps.settings),
        others: { device: object('device', about.device), token: about.code, stage: object('stage', about.stage) },
      });
      const user =
        person && ({ kind: 'account', pk: person.pk, uuid: person.uuid, username: person.username } as const);
      const question: PolicyQuestion = { tenant, target: '', mode: 'all', user, context: {}, query, client };
      const asPolicy = { pk: '', kind: '', name, logging: false, settings: {} };
      const run = { timeout: TIMEOUT_MS / 1000, signal: AbortSignal.timeout(TIMEOUT_MS) };
      const functions = hostFunctions(deps, asPolicy, question, run);
      return (await deps.expressions.evaluate({ tenant, name, kind: 'mapping', code, variables, functions })).value;
    },
  };
}
