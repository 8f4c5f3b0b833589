/** Lets the requests of one session go one after the other. */
export type Lanes = <Result>(lane: string | undefined, work: () => Promise<Result>) => Promise<Result>;

/**
 * Creates lanes. The version of a session's row decides who was first, wherever they run; here those who would lose wait before they hold a
 * connection to the database, so that hundreds of them do not keep the winner from what it still needs.
 */
export function createLanes(): Lanes {
  const ends = new Map<string, Promise<void>>();
  return async (lane, work) => {
    if (lane === undefined) return work();
    const done = (ends.get(lane) ?? Promise.resolve()).then(work);
    const nothing = () => undefined;
    const end = done.then(nothing, nothing);
    ends.set(lane, end);
    try {
      return await done;
    } finally {
      if (ends.get(lane) === end) ends.delete(lane);
    }
  };
}
