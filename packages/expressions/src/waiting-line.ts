import { ExpressionError } from './expression.error.ts';

/** One that waits for an interpreter. */
export type Waiting<Place> = {
  readonly tenant: string;
  /** When it came, in milliseconds of `performance.now()`. */
  readonly since: number;
  readonly admit: (place: Place) => void;
  readonly refuse: (error: Error) => void;
};

/** Those who wait, in the order they came. */
export type WaitingLine<Place> = {
  /** @throws ExpressionError `overloaded` when the line is full, `time` when the signal comes first */
  join(tenant: string, signal: AbortSignal, onJoined: () => void): Promise<Place>;
  /** Offers everyone to `place`, which says whether one need wait no longer. */
  serve(place: (next: Waiting<Place>) => boolean): void;
  readonly length: number;
  /** Sends everyone away. */
  clear(error: Error): void;
};

export function createWaitingLine<Place>(longest: number): WaitingLine<Place> {
  let line: Waiting<Place>[] = [];
  return {
    join(tenant, signal, onJoined) {
      if (line.length >= longest)
        return Promise.reject(new ExpressionError('overloaded', 'Too many expressions wait to be evaluated.'));
      const { promise, resolve, reject } = Promise.withResolvers<Place>();
      const own = { tenant, since: performance.now(), admit: resolve, refuse: reject };
      const giveUp = () => {
        line = line.filter((each) => each !== own);
        reject(new ExpressionError('time', 'The expression waited too long for its turn.'));
      };
      signal.addEventListener('abort', giveUp, { once: true });
      line.push(own);
      if (signal.aborted) giveUp();
      onJoined();
      return promise.finally(() => signal.removeEventListener('abort', giveUp));
    },
    serve(place) {
      const offered = line;
      line = [];
      line = [...offered.filter((each) => !place(each)), ...line];
    },
    get length() {
      return line.length;
    },
    clear(error) {
      for (const { refuse } of line.splice(0)) refuse(error);
    },
  };
}
