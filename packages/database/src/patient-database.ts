import type { Database } from './connect-database.ts';

/**
 * The same database, of whose connections those who write by way of it hold only so many at once: the others wait before they hold one. For
 * transactions that many requests begin and that may wait for each other's rows: however long they wait, reads and other work go on.
 *
 * Such a transaction must not begin another one by way of the same database: it would wait for itself.
 *
 * @param share part of the connections, between 0 and 1; it is at least one connection
 */
export function patientDatabase(database: Database, share: number): Database {
  const places = Math.max(1, Math.floor(database.connections * share));
  const waiting: (() => void)[] = [];
  let running = 0;
  const enter = (): Promise<void> | undefined => {
    if (running >= places) return new Promise((resolve) => waiting.push(resolve));
    running += 1;
    return undefined;
  };
  const leave = () => {
    const next = waiting.shift();
    // The place goes from one to the next.
    if (next) next();
    else running -= 1;
  };
  return {
    ...database,
    async write(scope, work) {
      await enter();
      try {
        return await database.write(scope, work);
      } finally {
        leave();
      }
    },
  };
}
