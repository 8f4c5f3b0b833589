import { setTimeout as sleep } from 'node:timers/promises';
import { changeSetErrors } from '@postern/database';
import { common, PosternError } from '@postern/errors';
import type { Logger } from '@postern/observability';
import { type Blueprint, BlueprintError, type JsonObject, parseBlueprint, printBlueprint } from '../format/index.ts';
import { type Application, createSession } from './application.ts';
import { type Asker, type ChangeSetDeps, openChangeSet, PartlyCommitted } from './change-set.client.ts';
import { EntryErrors } from './failures.ts';
import type { Journal } from './journal.repository.ts';
import type { BlueprintLog, Outcome } from './outcome.ts';
import type { Session } from './session.ts';
import type { SignInGuard } from './sign-in-guard.client.ts';
import type { TenantLock } from './tenant-lock.ts';

/** What applying blueprints needs. */
export type ApplyDeps = {
  readonly changeSets: ChangeSetDeps;
  readonly lock: TenantLock;
  readonly journal: Journal;
  readonly apply: Application;
  readonly guard: SignInGuard;
  readonly ids: () => string;
  readonly log: Logger;
};

/** How a blueprint is applied. */
export type ApplyOptions = {
  /** Does everything and takes it back: what would change. */
  readonly dryRun?: boolean;
  /** Who asked for it: the actor of its events. This service when nobody did. */
  readonly asker?: Asker | undefined;
  /** Key of the instance whose blueprint it is, so that it is not applied within itself. */
  readonly instance?: string | undefined;
  /** Stops it between two entries, before anything is kept: it throws the reason. */
  readonly signal?: AbortSignal | undefined;
};

/** Applies a blueprint, all or nothing. What is wrong with it is in the outcome; throws when something else is. */
export type ApplyBlueprint = (
  tenant: string,
  blueprint: Blueprint,
  context: JsonObject,
  options?: ApplyOptions,
) => Promise<Outcome>;

/** Attempts, when others were in the way or a service was lost between two commits. */
const ATTEMPTS = 4;
const PAUSE_MS = 500;

type Work = { tenant: string; blueprint: Blueprint; context: JsonObject; options: ApplyOptions; commitment: string };

/** Creates the way to apply blueprints, and to finish what a stopped process has left half applied. */
export function createApplyOperations(deps: ApplyDeps) {
  const { lock, journal, ids } = deps;

  /** Runs it until it is done or cannot be: what others were in the way of, and what committed in part, is done again. */
  async function persist(work: Work): Promise<Outcome> {
    let isHalfDone = false;
    for (let attempt = 1; ; attempt += 1) {
      try {
        const outcome = await applyOnce(deps, work);
        await settle(work, outcome);
        return isHalfDone ? withWarning(outcome) : outcome;
      } catch (error) {
        isHalfDone ||= error instanceof PartlyCommitted;
        if (attempt === ATTEMPTS || !isPassing(error)) throw error;
        deps.log.warn({ err: error, tenant: work.tenant, attempt }, 'a blueprint is applied again');
        await sleep(PAUSE_MS * attempt);
      }
    }
  }

  /** What is finished needs no second look. */
  async function settle({ tenant, commitment, options }: Work, { status }: Outcome): Promise<void> {
    if (status === 'successful' && options.dryRun !== true) await journal.strike(tenant, commitment);
  }

  const applyBlueprint: ApplyBlueprint = (tenant, blueprint, context, options = {}) => {
    const work = { tenant, blueprint, context, options, commitment: ids() };
    return untilAborted(
      lock.inTurn(tenant, () => persist(work)),
      options.signal,
    );
  };

  return {
    applyBlueprint,

    /** Applies again what committed in some services only. Throws when that fails. */
    async finish(tenant: string, commitment: string): Promise<'nothing' | 'finished'> {
      return lock.inTurn(tenant, async () => {
        const noted = await journal.find(tenant, commitment);
        if (!noted) return 'nothing';
        const blueprint = parseBlueprint(noted.document);
        const { status, logs } = await persist({ tenant, blueprint, context: noted.context, options: {}, commitment });
        if (status === 'successful') return 'finished';
        throw new BlueprintError(logs.map(({ message }) => message).join('\n'));
      });
    },
  };
}

async function applyOnce(deps: ApplyDeps, work: Work): Promise<Outcome> {
  const { changeSets, lock, apply } = deps;
  const { tenant, blueprint, context, options } = work;
  const changeSet = openChangeSet(changeSets, { id: deps.ids(), tenant, asker: options.asker });
  options.signal?.throwIfAborted();
  const session = createSession(tenant, changeSet, options);
  if (options.instance !== undefined) session.visited.add(options.instance);
  try {
    await changeSet.writing(changeSets.own);
    await lock.take({ tenant, changeSet });
    await apply(session, blueprint, context);
    await deps.guard(session, blueprint);
    if (options.dryRun !== true) await commit(deps, work, session);
    return outcomeOf(session, 'successful');
  } catch (error) {
    const faults = faultsOf(error);
    if (!faults) throw error;
    session.logs.push(...faults);
    return outcomeOf(session, 'error');
  } finally {
    await changeSet.rollback();
  }
}

/** Waits for work that stops by itself, and not for its turn, once the signal says so. */
async function untilAborted<Result>(work: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
  if (!signal) return work;
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  return Promise.race([work, promise]).finally(() => signal.removeEventListener('abort', stop));
}

async function commit({ journal, changeSets }: ApplyDeps, work: Work, { changeSet }: Session): Promise<void> {
  const { tenant, blueprint, context, commitment } = work;
  // Alone, the own part commits or does not: there is nothing to finish. It holds no more than notes when nothing else changed.
  if (changeSet.apps.some((app) => app !== changeSets.own)) {
    const apps = [...changeSet.apps];
    await journal.note({ id: commitment, tenant, document: printBlueprint(blueprint), context, apps });
  }
  await changeSet.commit();
}

function outcomeOf({ logs, changes, first }: Session, status: Outcome['status']): Outcome {
  return { status, logs, changes, first };
}

/** What an earlier attempt left: those who read of an error would think that nothing was kept. */
function withWarning(outcome: Outcome): Outcome {
  if (outcome.status === 'successful') return outcome;
  const message = 'Some services have kept their part already. The rest is tried again until it succeeds.';
  return { ...outcome, logs: [...outcome.logs, { level: 'warning', message }] };
}

/** What is wrong with the blueprint; undefined for errors that are no fault of it. */
function faultsOf(error: unknown): BlueprintLog[] | undefined {
  const errors = error instanceof EntryErrors ? error.errors : error instanceof BlueprintError ? [error] : undefined;
  return errors?.map((one) => ({
    level: 'error',
    message: one.message,
    entry: one.entry,
    field: one.field,
    line: one.line,
  }));
}

/** Others were in the way, or some services committed already: applying it again is right. */
function isPassing(error: unknown): boolean {
  if (error instanceof PartlyCommitted) return true;
  return (
    changeSetErrors.CHANGE_SET_CONFLICT.is(error) ||
    changeSetErrors.CHANGE_SET_LOST.is(error) ||
    changeSetErrors.CHANGE_SETS_BUSY.is(error) ||
    (error instanceof PosternError && common.UNAVAILABLE.is(error))
  );
}
