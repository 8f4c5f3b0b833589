/** Runs one thing after the other, in the order of asking. A failure does not stop the next. */
export function createTurns() {
  let last: Promise<unknown> = Promise.resolve();
  return <Result>(work: () => Promise<Result>): Promise<Result> => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
}

/** Lets pieces of work take turns. */
export type Turns = ReturnType<typeof createTurns>;
