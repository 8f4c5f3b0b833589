import type { Database, PlainRow } from '@postern/database';
import type { EventBus } from '@postern/messaging';
import type { auth } from '@postern/proto';
import { asService, type Client } from '@postern/rpc';
import type { AccessAnswer, AccessQuestion, ApplicationAccess } from './access.ts';
import { ApplicationEntity, type ApplicationRow } from './application.entity.ts';
import { createUnguarded } from './unguarded.cache.ts';

export type ApplicationAccessDeps = {
  readonly db: Pick<Database, 'read'>;
  readonly policies: Pick<Client<typeof auth.PolicyEvaluationServiceDefinition>, 'evaluate'>;
  /** Tells of changed bindings. */
  readonly bus: Pick<EventBus, 'tail' | 'onGap'>;
  readonly clock: { now(): Date };
};

/** The most that is asked about at once. */
const BATCH = 1_000;
/** Policies may be programs, and a list asks many. */
const DEADLINE_MS = 60_000;

/**
 * Creates the view of applications on policies, which the login service evaluates. Nobody passes without its word: an error of its is the error of
 * whoever asks, and a decision that is missing is a denial. What is bound to nothing is remembered, because that answer hangs on nobody.
 */
export function createApplicationAccess({ db, policies, bus, clock }: ApplicationAccessDeps): ApplicationAccess {
  const unguarded = createUnguarded({ bus, clock });
  return {
    async check(question, call) {
      const { tenant, application } = question;
      if (unguarded.has(tenant, application.pk)) return { passing: true, messages: [], trace: [] };
      const remember = unguarded.watch(tenant, application.pk);
      const { decisions } = await policies.evaluate(requestOf(question), asService(tenant, call));
      const [decision] = decisions;
      if (decision?.passing === true && decision.bound === 0) remember();
      return answerOf(decision);
    },

    async hidden(call) {
      const { tenant, principal } = call.context;
      if (principal.kind === 'service') return [];
      const rows = await db.read(call.context, (em) =>
        em
          .createQueryBuilder(ApplicationEntity)
          .select(['pk', 'policyEngineMode'])
          .execute<PlainRow<Pick<ApplicationRow, 'pk' | 'policyEngineMode'>>[]>('all'),
      );
      const user = principal.kind === 'user' ? principal.user.pk : undefined;
      const answers = await Promise.all(
        batchesOf(rows).map(async (batch) => {
          const targets = batch.map(({ pk }) => pk);
          const all_of = batch.filter(({ policyEngineMode }) => policyEngineMode === 'all').map(({ pk }) => pk);
          const request = { targets, all_of, ...(user === undefined ? {} : { user_pk: user }) };
          const options = { deadlineMs: DEADLINE_MS };
          return (await policies.evaluate(request, asService(tenant, call), options)).decisions;
        }),
      );
      const open = new Set(answers.flat().flatMap(({ target, passing }) => (passing ? [target] : [])));
      return rows.map(({ pk }) => pk).filter((pk) => !open.has(pk));
    },
  };
}

function requestOf({ application, user, context, isTrial = false }: AccessQuestion) {
  const { pk, name, policyEngineMode: mode } = application;
  const wanted = { app: 'authentik_core', model_name: 'application', pk, name };
  return {
    targets: [pk],
    mode,
    context: { ...context },
    ...(user === undefined ? {} : { user_pk: user }),
    ...(isTrial ? {} : { wanted }),
  };
}

function answerOf(decision: auth.PolicyDecision | undefined): AccessAnswer {
  if (!decision) return { passing: false, messages: [] };
  const { passing, messages, trace } = decision;
  return { passing, messages, trace };
}

function batchesOf<T>(rows: readonly T[]): T[][] {
  const count = Math.ceil(rows.length / BATCH);
  return Array.from({ length: count }, (_, index) => rows.slice(index * BATCH, (index + 1) * BATCH));
}
