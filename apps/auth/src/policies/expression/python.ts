import {
  type Evaluation,
  ExpressionError,
  type Expressions,
  invalidExpression,
  type ModelObject,
  object,
  policyVariables,
} from '@postern/expressions';
import type { directory } from '@postern/proto';
import type { FlowClient, PendingUser } from '../../plans/index.ts';
import { PolicyFailed, type PolicyQuestion, type PolicyResult } from '../policy.question.ts';
import { type HostDeps, hostFunctions } from './host-functions.ts';
import type { PolicyExpressions } from './kind.ts';
import { patchOf } from './plan-changes.ts';
import { contextOf } from './values.ts';

/** What running expressions needs. */
export type PythonDeps = HostDeps & {
  readonly expressions: Pick<Expressions, 'evaluate' | 'check'>;
  readonly settings: TenantSettings;
  /** What a policy is bound to, by the key that it is bound under: `request.obj`. */
  readonly objectOf: (tenant: string, target: string) => Promise<ModelObject>;
};

/** What a tenant has set, as expressions see it: `http_request.tenant`. */
export type TenantSettings = (tenant: string) => Promise<directory.Settings>;

/** What the server, and not the expression, is to blame for. */
const NOT_ITS_FAULT: ReadonlySet<string> = new Set(['overloaded', 'unavailable']);

/** Runs expressions of policies in the expression engine, with the documented variables and functions. */
export function createPolicyExpressions(deps: PythonDeps): PolicyExpressions {
  const { expressions } = deps;
  return {
    run: async (code, question, run, policy) => {
      const variables = await variablesOf(code, question, deps);
      const functions = hostFunctions(deps, policy, question, run);
      const { tenant } = question;
      const timeoutMs = run.timeout * 1000;
      const { name } = policy;
      try {
        return resultOf(
          await expressions.evaluate({ tenant, name, kind: 'policy', code, variables, functions, timeoutMs }),
        );
      } catch (error) {
        if (!isOwnFault(error)) throw error;
        throw new PolicyFailed(error.message, error);
      }
    },
    check: async (code, tenant) => {
      const problem = await expressions.check({ tenant, code });
      return problem && invalidExpression(problem);
    },
  };
}

/** Whether an expression is to blame for an error, and not the server that runs it. */
export function isOwnFault(error: unknown): error is ExpressionError {
  return error instanceof ExpressionError && !NOT_ITS_FAULT.has(error.failure);
}

/** The request, for an expression. The settings of the tenant are asked for by those that speak of it. */
export async function httpOf(code: string, tenant: string, client: FlowClient, settings: TenantSettings) {
  if (client.path === undefined || client.path === '') return undefined;
  return { ...requestOf(client), ...(/\btenant\b/.test(code) ? { tenant: tenantOf(await settings(tenant)) } : {}) };
}

function tenantOf({ footer_links, ...settings }: directory.Settings) {
  return object('tenant', settings);
}

function resultOf({ truthy, messages, logs, changes }: Evaluation): PolicyResult {
  const log = logs.map(({ level, message, facts }) => ({ ...facts, event: message, log_level: level }));
  return { passing: truthy, messages, log, context: patchOf(changes), shared: changes.context.set, changes };
}

async function variablesOf(code: string, question: PolicyQuestion, { people, settings, objectOf }: PythonDeps) {
  const { tenant, user, context, plan, flow = '', client, target } = question;
  const users = await people.users(tenant, keysOf([user, plan?.pending_user]));
  const about = user?.kind === 'account' ? users.get(user.pk) : undefined;
  const backend = user?.kind === 'account' ? user.backend : undefined;
  const seen = contextOf(context, users);
  return policyVariables({
    user: about ? { ...about, backend } : null,
    context: seen,
    obj: /\bobj\b/.test(code) && target !== '' ? await objectOf(tenant, target) : null,
    // A policy that is called by another works on the plan as that one left it.
    plan: context.flow_plan === undefined && plan ? { flow, context: contextOf(plan, users) } : undefined,
    http: await httpOf(code, tenant, client, settings),
  });
}

function keysOf(users: readonly (PendingUser | undefined)[]): number[] {
  return users.flatMap((user) => (user?.kind === 'account' ? [user.pk] : []));
}

function requestOf({ method, path = '', host, scheme, address, userAgent, query = '' }: FlowClient) {
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
