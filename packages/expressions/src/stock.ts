import type { Logger } from '@postern/observability';
import type { Interpreter } from './interpreter.ts';

/** All interpreters that are alive, with some that nobody has used yet kept warm. */
export type Stock = {
  /** A warm one, or one started now. Those kept warm are replaced in the background. */
  take(): Promise<Interpreter>;
  readonly size: number;
  /** Ends all of them, for now. */
  clear(): Promise<void>;
  /** Ends all of them, and those that are still starting. */
  close(): Promise<void>;
};

export function createStock({
  start,
  spare,
  onGone,
  log,
}: {
  start: () => Promise<Interpreter>;
  /** How many are kept warm. */
  spare: number;
  onGone: (interpreter: Interpreter) => void;
  log: Logger;
}): Stock {
  const alive = new Set<Interpreter>();
  const warm: Interpreter[] = [];
  const starting = new Set<Promise<unknown>>();
  let warming = 0;
  let isClosed = false;

  const begin = async () => {
    const interpreter = await start();
    alive.add(interpreter);
    void interpreter.gone.then(() => {
      alive.delete(interpreter);
      if (warm.includes(interpreter)) warm.splice(warm.indexOf(interpreter), 1);
      onGone(interpreter);
    });
    if (isClosed) interpreter.kill();
    return interpreter;
  };
  const tracked = () => {
    const work = begin();
    starting.add(work);
    void work.then(
      () => starting.delete(work),
      () => starting.delete(work),
    );
    return work;
  };
  const refill = () => {
    while (!isClosed && warm.length + warming < spare) {
      warming += 1;
      void tracked()
        .then((interpreter) => void warm.push(interpreter))
        .catch((err) => log.warn({ err }, 'no spare interpreter'))
        .finally(() => {
          warming -= 1;
        });
    }
  };
  const clear = async () => {
    const leaving = [...alive];
    warm.length = 0;
    for (const interpreter of leaving) interpreter.kill();
    await Promise.all(leaving.map((each) => each.gone));
  };
  return {
    async take() {
      const interpreter = warm.shift() ?? (await tracked());
      refill();
      return interpreter;
    },
    get size() {
      return alive.size;
    },
    clear,
    async close() {
      isClosed = true;
      await Promise.allSettled([...starting]);
      await clear();
    },
  };
}
