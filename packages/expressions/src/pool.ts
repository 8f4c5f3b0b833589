import type { Logger } from '@postern/observability';
import { ExpressionError } from './expression.error.ts';
import type { Interpreter } from './interpreter.ts';
import { createStock } from './stock.ts';
import { createWaitingLine, type Waiting } from './waiting-line.ts';

/** Lends interpreters, each to one tenant for its whole life. */
export type Pool = {
  /**
   * Waits for an interpreter that no other tenant has used, and lends it for the work.
   *
   * @throws ExpressionError `overloaded` when too many wait, `time` when the signal comes first, `unavailable` when none can be started
   */
  lend<Result>(
    tenant: string,
    signal: AbortSignal,
    work: (interpreter: Interpreter) => Promise<Result>,
  ): Promise<Result>;
  /** Interpreters alive, spare ones included. */
  count(): number;
  close(): Promise<void>;
};

export type PoolSettings = { interpreters: number; spare: number; queue: number; idleMs: number };

/** An interpreter and the tenant it serves. */
type Seat = { readonly interpreter: Interpreter; readonly tenant: string; isBusy: boolean; usedAt: number };

/** How long a tenant waits for the interpreter it has before it gets another: most are free again in a millisecond. */
const PATIENCE_MS = 100;

type PoolDeps = { start: () => Promise<Interpreter>; settings: PoolSettings; log: Logger };

export function createPool({ start, settings, log }: PoolDeps): Pool {
  let seats: Seat[] = [];
  let opening: string[] = [];
  let isClosed = false;
  let patience: NodeJS.Timeout | undefined;
  const line = createWaitingLine<Seat>(settings.queue);
  const onGone = (interpreter: Interpreter) => {
    seats = seats.filter((each) => each.interpreter !== interpreter);
    dispatch();
  };
  const stock = createStock({ start, spare: settings.spare, onGone, log });
  const rest = createRest(settings.idleMs, () => {
    if (line.length > 0 || opening.length > 0 || seats.some((each) => each.isBusy)) return;
    // Nobody may be given one that is about to end.
    seats = [];
    void stock.clear();
  });

  const open = async ({ tenant, admit, refuse }: Waiting<Seat>) => {
    opening.push(tenant);
    try {
      const seat: Seat = { interpreter: await stock.take(), tenant, isBusy: true, usedAt: performance.now() };
      seats.push(seat);
      admit(seat);
    } catch (cause) {
      log.error({ err: cause }, 'Python cannot be started');
      refuse(new ExpressionError('unavailable', 'Python cannot be started.', { cause }));
    } finally {
      opening = opening.toSpliced(opening.indexOf(tenant), 1);
      dispatch();
    }
  };
  /** Makes room by ending the interpreter that another tenant has not used for longest. */
  const makeRoom = (): boolean => {
    if (seats.length + opening.length < settings.interpreters) return true;
    const [oldest] = seats.filter((each) => !each.isBusy).sort((a, b) => a.usedAt - b.usedAt);
    if (oldest === undefined) return false;
    seats = seats.filter((each) => each !== oldest);
    oldest.interpreter.kill();
    return true;
  };
  const place = (next: Waiting<Seat>): boolean => {
    const own = seats.filter((each) => each.tenant === next.tenant);
    const free = own.find((each) => !each.isBusy && !each.interpreter.isGone);
    if (free !== undefined) {
      free.isBusy = true;
      next.admit(free);
      return true;
    }
    if (opening.includes(next.tenant)) return false;
    if (own.length > 0 && performance.now() - next.since < PATIENCE_MS) return false;
    if (!makeRoom()) return false;
    void open(next);
    return true;
  };
  const dispatch = () => {
    if (isClosed) return;
    line.serve(place);
    clearTimeout(patience);
    patience = line.length > 0 ? setTimeout(dispatch, PATIENCE_MS) : undefined;
  };

  return {
    async lend(tenant, signal, work) {
      if (isClosed) throw new ExpressionError('unavailable', 'The engine of expressions is closed.');
      const seat = await line.join(tenant, signal, dispatch);
      try {
        return await work(seat.interpreter);
      } finally {
        seat.isBusy = false;
        seat.usedAt = performance.now();
        dispatch();
        rest.again();
      }
    },
    count: () => stock.size,
    async close() {
      isClosed = true;
      rest.stop();
      clearTimeout(patience);
      line.clear(new ExpressionError('unavailable', 'The engine of expressions is closed.'));
      await stock.close();
    },
  };
}

/** Calls back when nothing has happened for a while; 0 ms means never. */
function createRest(idleMs: number, onIdle: () => void) {
  let timer: NodeJS.Timeout | undefined;
  return {
    again() {
      if (idleMs === 0) return;
      timer ??= setTimeout(onIdle, idleMs).unref();
      timer.refresh();
    },
    stop: () => clearTimeout(timer),
  };
}
