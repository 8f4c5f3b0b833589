import {
  type Evaluation,
  ExpressionError,
  type Expressions,
  invalidExpression,
  policyVariables,
} from '@postern/expressions';
import type { FlowClient, PendingUser } from '../../plans/index.ts';
import { PolicyFailed, type PolicyQuestion, type PolicyResult } from '../policy.question.ts';
import { type HostDeps, hostFunctions } from './host-functions.ts';
import type { PolicyExpressions } from './kind.ts';
import { patchOf } from './plan-changes.ts';
import { contextOf } from './values.ts';

/** What running expressions needs. */
export type PythonDeps = HostDeps & { readonly expressions: Pick<Expressions, 'evaluate' | 'check'> };

/** What the server, and not the expression, is to blame for. */
const NOT_ITS_FAULT: ReadonlySet<string> = new Set(['overloaded', 'unavailable']);

/** Runs expressions of policies in the expression engine, with the documented variables and functions. */
export function createPolicyExpressions(deps: PythonDeps): PolicyExpressions {
  const { expressions } = deps;
  return {
    run: async (code, question, run, policy) => {
      const variables = await variablesOf(question, deps);
      const functions = hostFunctions(deps, policy, question, run);
      const { tenant } = question;
      const timeoutMs = run.timeout * 1000;
      const { name } = policy;
      try {
        return resultOf(
          await expressions.evaluate({ tenant, name, kind: 'policy', code, variables, functions, timeoutMs }),
        );
      } catch (error) {
        if (!(error instanceof ExpressionError) || NOT_ITS_FAULT.has(error.failure)) throw error;
        throw new PolicyFailed(error.message, error);
      }
    },
    check: async (code, tenant) => {
      const problem = await expressions.check({ tenant, code });
      return problem && invalidExpression(problem);
    },
  };
}

function resultOf({ truthy, messages, logs, changes }: Evaluation): PolicyResult {
  const log = logs.map(({ level, message, facts }) => ({ ...facts, event: message, log_level: level }));
  return { passing: truthy, messages, log, context: patchOf(changes), shared: changes.context.set };
}

async function variablesOf({ tenant, user, context, plan, flow = '', client }: PolicyQuestion, { people }: HostDeps) {
  const users = await people.users(tenant, keysOf([user, plan?.pending_user]));
  const about = user?.kind === 'account' ? users.get(user.pk) : undefined;
  const backend = user?.kind === 'account' ? user.backend : undefined;
  const seen = contextOf(context, users);
  return policyVariables({
    user: about ? { ...about, backend } : null,
    context: seen,
    plan: plan && { flow, context: contextOf(plan, users) },
    http: client.path === undefined || client.path === '' ? undefined : httpOf(client),
  });
}

function keysOf(users: readonly (PendingUser | undefined)[]): number[] {
  return users.flatMap((user) => (user?.kind === 'account' ? [user.pk] : []));
}

function httpOf({ method, path = '', host, scheme, address, userAgent, query = '' }: FlowClient) {
  const secure = scheme === 'https';
  return {
    method,
    path,
    host,
    secure,
    clientIp: address,
    userAgent,
    query: Object.fromEntries(new URLSearchParams(query)),
  };
}
