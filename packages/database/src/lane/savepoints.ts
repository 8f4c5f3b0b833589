/** Savepoints of a transaction, and which of their words are still to be said. */
export type Savepoints = {
  /** Sets one, and answers its name. It is said with the next statement. */
  set(): string;
  /** Lets go of one whose work is done. */
  release(name: string): void;
  /** Lets go of one whose work failed, and answers what takes that work back; undefined where it said nothing. */
  rollback(name: string): string | undefined;
  /** What is to be said before the next statement. */
  take(): readonly string[];
};

/**
 * Creates the savepoints of a transaction. Each has a name of its own: where the server has never heard of one, because the message that should have
 * set it failed, going back to it fails, too, and never goes back to another.
 */
export function createSavepoints(): Savepoints {
  let count = 0;
  let unsaid: string[] = [];

  /** Forgets one that was never said, with all that was to be said inside of it; false for one that was said. */
  const forget = (name: string): boolean => {
    const index = unsaid.indexOf(setting(name));
    if (index >= 0) unsaid = unsaid.slice(0, index);
    return index >= 0;
  };

  return {
    set() {
      count += 1;
      const name = `piece_${count}`;
      unsaid.push(setting(name));
      return name;
    },
    release(name) {
      if (!forget(name)) unsaid.push(`release savepoint ${name}`);
    },
    rollback(name) {
      if (forget(name)) return undefined;
      // What lay within it is gone with it.
      unsaid = [];
      return `rollback to savepoint ${name}; release savepoint ${name}`;
    },
    take() {
      const words = unsaid;
      unsaid = [];
      return words;
    },
  };
}

function setting(name: string): string {
  return `savepoint ${name}`;
}
