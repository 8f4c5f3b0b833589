import type { Database } from '@postern/database';
import { auth } from '@postern/proto';
import { type BoundService, bind, type Call } from '@postern/rpc';
import type { FlowClient, PolicyMode } from '../plans/index.ts';
import { type BoundTarget, boundToAll } from './bound.repository.ts';
import { traceOf } from './decision.trace.ts';
import type { Denial, Denials } from './denials.ts';
import type { PolicyEngine } from './engine.ts';
import type { Decision } from './evaluate.ts';
import { matchAll } from './match.ts';
import { asUser, type PolicyPerson } from './policy.person.ts';

/** What serving evaluation needs. */
export type EvaluationRpcDeps = {
  readonly db: Pick<Database, 'read'>;
  readonly engine: Pick<PolicyEngine, 'decide'>;
  /** Somebody by key; undefined when they are gone. */
  readonly personOf: (pk: number, call: Call) => Promise<PolicyPerson | undefined>;
  readonly denials: Denials;
};

/** Serves the services whose objects policies guard. */
export function createEvaluationRpc({ db, engine, personOf, denials }: EvaluationRpcDeps): BoundService {
  return bind(auth.PolicyEvaluationServiceDefinition, {
    evaluate: async ({ targets, user_pk, context = {}, mode, client, wanted, all_of }, call) => {
      const { tenant } = call.context;
      const found = await db.read(call.context, (em) => boundToAll(em, targets));
      const isGuarded = found.some(({ bound }) => bound.length > 0);
      const user = isGuarded && user_pk !== undefined ? asUser(await personOf(user_pk, call)) : undefined;
      const where = clientOf(client, call);
      const shared = { tenant, user, context, mode: mode === 'all' ? 'all' : 'any', query: '', client: where } as const;
      const strict = new Set(all_of);
      const modeOf = (at: number) => (strict.has(targets[at] ?? '') ? 'all' : shared.mode);
      const decisions = await engine.decide(
        found.map(({ target, bound }, at) => ({ question: { ...shared, target, mode: modeOf(at) }, bound })),
      );
      if (wanted && user?.kind === 'account') {
        await tellDenial(denials, { tenant, user, client: where, object: wanted }, decisions, found, modeOf);
      }
      return { decisions: decisions.map((decision, index) => messageOf(targets[index] ?? '', decision)) };
    },
    match: ({ targets, cases }, call) => matchAll({ db, engine, personOf }, targets, cases, call),
  });
}

/** Tells of the targets that were denied, if any was. */
async function tellDenial(
  denials: Denials,
  about: Omit<Denial, 'reason' | 'decisions'>,
  decisions: readonly Decision[],
  found: readonly BoundTarget[],
  modeOf: (at: number) => PolicyMode,
): Promise<void> {
  const denied = decisions.flatMap(({ passing, findings, messages }, at) =>
    passing
      ? []
      : [{ target: found[at]?.target ?? '', mode: modeOf(at), passing, trace: findings.map(traceOf), messages }],
  );
  if (denied.length === 0) return;
  const reason = denied.flatMap(({ messages }) => messages).join('\n');
  const { app, model_name, pk, name } = about.object;
  await denials.record({ ...about, object: { app, model_name, pk, name }, reason, decisions: denied });
}

function clientOf(given: auth.PolicyClient | undefined, { context }: Call): FlowClient {
  const { requestId, client } = context;
  if (given === undefined) return client;
  const { address, user_agent, method, path, host, scheme, query } = given;
  return { address, userAgent: user_agent, method, path, host, scheme, query, requestId };
}

function messageOf(target: string, { passing, messages, unevaluated, findings }: Decision): auth.PolicyDecision {
  return {
    target,
    passing,
    messages: [...messages],
    bound: findings.length,
    unevaluated,
    trace: findings.map(traceOf),
  };
}
