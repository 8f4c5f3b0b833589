import type { RefreshOptions } from './refresh.journey.ts';
import type { RequestsOptions } from './requests.journey.ts';
import type { SignInOptions } from './sign-in.journey.ts';

/** What each journey is told. */
export type JourneyPlan =
  | { readonly journey: 'requests'; readonly options: RequestsOptions }
  | { readonly journey: 'once'; readonly options: RequestsOptions & { readonly lanes: number } }
  | { readonly journey: 'sign-in'; readonly options: SignInOptions }
  | { readonly journey: 'refresh'; readonly options: RefreshOptions };

/** What a load does: one connection per lane, one operation at a time on each. */
export type LoadPlan = JourneyPlan & {
  readonly host: string;
  readonly port: number;
  readonly lanes: number;
  /** Time that counts, in milliseconds. */
  readonly milliseconds: number;
  /** Time before it, which does not. */
  readonly warmUp: number;
  /**
   * Operations begun per second, however long they take: each counts from the moment it was due, so that one that waits for a free lane is seen.
   * Default: a lane begins the next when it is done with one.
   */
  readonly perSecond?: number;
};

/** What came of it. */
export type LoadResult = {
  readonly count: number;
  readonly seconds: number;
  /** Milliseconds of each operation, sorted. */
  readonly latencies: Float64Array;
};
