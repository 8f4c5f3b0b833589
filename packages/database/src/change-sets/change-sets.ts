import { AsyncLocalStorage } from 'node:async_hooks';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Work } from '../connect-database.ts';
import { translateFailure } from '../failure.ts';
import type { LaneTransaction } from '../lane/lane.transaction.ts';
import { isForgotten } from '../lane/talk.ts';
import type { DatabaseLog } from '../log.ts';
import { sqlState } from '../retry.ts';
import { changeSetErrors } from './change-set.errors.ts';
import { createSlots } from './slots.ts';
import { createTurns, type Turns } from './turns.ts';

/** Which change set of which tenant. */
export type ChangeSetScope = { readonly tenant: string; readonly changeSet: { readonly id: string } };

/** The part of a database in change sets: transactions that stay open from call to call. */
export type ChangeSets = {
  /** Opens a transaction. Throws CHANGE_SET_OPEN, CHANGE_SETS_BUSY. */
  begin(scope: ChangeSetScope): Promise<void>;
  /** Puts off the moment at which silence ends the transaction. Throws CHANGE_SET_LOST. */
  keep(scope: ChangeSetScope): Promise<void>;
  /** Commits. Throws CHANGE_SET_LOST. */
  commit(scope: ChangeSetScope): Promise<void>;
  /** Rolls back; does nothing for a change set that is not open. */
  rollback(scope: ChangeSetScope): Promise<void>;
};

/** What holding transactions needs. */
export type ChangeSetDeps = {
  /** A transaction that sees one tenant. */
  transactionOf(tenant: string): LaneTransaction;
  /** A fresh mapper that works in a transaction of a tenant. */
  mapperOf(tenant: string, transaction: LaneTransaction): EntityManager;
  log: DatabaseLog;
  /** Transactions held at once. */
  limit: number;
  /** A transaction that hears nothing for so many milliseconds is rolled back. */
  silenceMs: number;
};

/** Held transactions as the database uses them. */
export type HeldTransactions = ChangeSets & {
  /** Runs work inside the transaction of a change set. What fails leaves the rest of the change set as it was. Throws CHANGE_SET_LOST. */
  run<Result>(scope: ChangeSetScope, work: Work<Result>): Promise<Result>;
  /** Rolls everything back. */
  close(): Promise<void>;
};

type Held = {
  readonly tenant: string;
  readonly transaction: LaneTransaction;
  readonly turns: Turns;
  readonly silence: NodeJS.Timeout;
  readonly release: () => void;
};

type Inside = Pick<Held, 'turns'> & { readonly held: Held };

/** Longest wait for a row that another transaction holds: shorter than a call, so that the caller hears why. */
const LOCK_TIMEOUT_MS = 5_000;
/** The server's own watch over a transaction whose process has stopped watching. */
const SERVER_GRACE_MS = 5_000;

const SETTING =
  "select set_config('lock_timeout', ?, true), set_config('idle_in_transaction_session_timeout', ?, true)";

/** Holds transactions for change sets. */
export function createHeldTransactions({
  transactionOf,
  mapperOf,
  log,
  limit,
  silenceMs,
}: ChangeSetDeps): HeldTransactions {
  const open = new Map<string, Held>();
  const opening = new Set<string>();
  const pieces = createPieces(mapperOf);
  const slots = createSlots({ count: limit, patienceMs: silenceMs / 2 });
  const settings = [String(LOCK_TIMEOUT_MS), String(silenceMs + SERVER_GRACE_MS)];

  function find({ tenant, changeSet: { id } }: ChangeSetScope): Held {
    const held = open.get(id);
    // That of another tenant does not exist.
    if (held?.tenant !== tenant) throw changeSetErrors.CHANGE_SET_LOST();
    held.silence.refresh();
    return held;
  }

  /** Nobody finds the transaction from here on; what is at hand still ends first. */
  function take(id: string, held: Held): void {
    clearTimeout(held.silence);
    if (open.get(id) === held) open.delete(id);
  }

  async function rollback(id: string, held: Held): Promise<void> {
    take(id, held);
    try {
      // On a connection that is gone there is nothing left to take back.
      await held
        .turns(() => held.transaction.rollback())
        .catch((cause) => log.debug({ cause, id }, 'a rollback failed'));
    } finally {
      held.release();
    }
  }

  async function start({ tenant, changeSet: { id } }: ChangeSetScope): Promise<void> {
    const release = await slots.take();
    try {
      const transaction = transactionOf(tenant);
      // The begin travels with the first statement: sent now, so that a database that is away is noticed here.
      await mapperOf(tenant, transaction)
        .execute(SETTING, settings)
        .catch((error) => transaction.rollback().then(() => Promise.reject(error)));
      const silence = setTimeout(() => {
        log.warn({ id, tenant }, 'a change set was rolled back: nothing was heard of it');
        void rollback(id, held);
      }, silenceMs);
      const held: Held = { tenant, transaction, turns: createTurns(), silence, release };
      open.set(id, held);
    } catch (error) {
      release();
      throw error;
    }
  }

  return {
    async begin(scope) {
      const { id } = scope.changeSet;
      if (open.has(id) || opening.has(id)) throw changeSetErrors.CHANGE_SET_OPEN();
      opening.add(id);
      try {
        await start(scope).catch(translateFailure);
      } finally {
        opening.delete(id);
      }
    },
    async keep(scope) {
      const { tenant, transaction, turns } = find(scope);
      await turns(() => mapperOf(tenant, transaction).execute('select 1')).catch(translateFailure);
    },
    async commit(scope) {
      const held = find(scope);
      take(scope.changeSet.id, held);
      try {
        await held.turns(() => held.transaction.commit()).catch(translateConflict);
      } catch (error) {
        await held.transaction.rollback().catch(() => undefined);
        throw error;
      } finally {
        held.release();
      }
    },
    async rollback({ tenant, changeSet: { id } }) {
      const held = open.get(id);
      if (held?.tenant === tenant) await rollback(id, held);
    },
    async run(scope, work) {
      const outer = pieces.current();
      const held = find(scope);
      // Work that calls its own service waits for itself unless it goes on inside its own savepoint.
      if (outer?.held === held) return pieces.run(outer, work);
      return pieces.run({ held, turns: held.turns }, work);
    },
    async close() {
      await Promise.all([...open].map(([id, held]) => rollback(id, held)));
    },
  };
}

/** Runs work as a piece of a transaction, in turn. */
function createPieces(mapperOf: ChangeSetDeps['mapperOf']) {
  const inside = new AsyncLocalStorage<Inside>();
  const run = <Result>({ held, turns }: Inside, work: Work<Result>): Promise<Result> => {
    const { tenant, transaction } = held;
    const attempt = () =>
      transaction.piece(() =>
        inside.run({ held, turns: createTurns() }, async () => {
          const em = mapperOf(tenant, transaction);
          const result = await work(em);
          await em.flush();
          return result;
        }),
      );
    // What the connection has forgotten it is told anew: the piece is taken back by then.
    const patient = () => attempt().catch((error) => (isForgotten(error) ? attempt() : Promise.reject(error)));
    return turns(patient).catch(translateConflict);
  };
  return { run, current: () => inside.getStore() };
}

/** Serialization failure, deadlock, lock not available. */
const CONFLICTS = new Set(['40001', '40P01', '55P03']);

/** Nothing is tried again here: half of what was done stands in the same transaction. Who began the change set begins a new one. */
function translateConflict(error: unknown): never {
  if (CONFLICTS.has(sqlState(error) ?? '')) throw changeSetErrors.CHANGE_SET_CONFLICT({}, { cause: error });
  return translateFailure(error);
}
