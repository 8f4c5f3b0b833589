/** A job that waits or runs. */
export type WaitingJob = {
  /** Grows in the order of storing. */
  readonly number: number;
  /** 32 hexadecimal digits. */
  readonly id: string;
  /** `<app>.<verb_noun>`. */
  readonly name: string;
  /** What may be a secret is masked. */
  readonly args: Readonly<Record<string, unknown>>;
  readonly state: 'waiting' | 'running';
  /** Attempts begun so far. */
  readonly attempt: number;
  readonly attempts: number;
  readonly created: Date;
  /** Waiting: not to be started before. */
  readonly due: Date;
  /** Running: when the attempt began, and until when its worker has it. */
  readonly started: Date | null;
  readonly leasedUntil: Date | null;
  readonly progress: { readonly done: number; readonly total: number; readonly message: string } | null;
};

/** A dead letter. */
export type FailedJob = {
  readonly number: number;
  readonly id: string;
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly started: Date;
  readonly stopped: Date;
  readonly attempt: number;
  /** Why the last attempt failed. */
  readonly error: string;
};

/** A kind of job that runs by itself. */
export type ScheduledKind = {
  readonly number: number;
  readonly name: string;
  readonly description: string;
  /** A cron expression, UTC; null for an interval. */
  readonly cron: string | null;
  /** Milliseconds between runs; null for cron. */
  readonly everyMs: number | null;
  readonly isPaused: boolean;
  readonly nextRun: Date | null;
  /** Of the last run that is over: when it began, how it ended, and its id (32 hexadecimal digits). Null before the first one. */
  readonly lastRun: Date | null;
  readonly lastSuccess: boolean | null;
  readonly lastJob: string | null;
};

/** A page of rows, and how many there are in all. */
export type JobPage<Row> = { readonly count: number; readonly rows: readonly Row[] };

/** Which page. The name holds all of the words. Orderings are fields, `-` in front for the other way. */
export type JobPageRequest<Field extends string> = {
  readonly words?: readonly string[];
  readonly ordering?: readonly (Field | `-${Field}`)[];
  readonly limit: number;
  readonly offset: number;
};

export type Scalar = string | number | boolean | null;

/** Fields that waiting and failed jobs can be chosen by. */
export type JobField = 'number' | 'id' | 'name' | 'attempt' | 'created' | 'started' | 'stopped' | 'success';

export type JobCondition = {
  readonly field: JobField;
  readonly comparison:
    | 'exact'
    | 'iexact'
    | 'contains'
    | 'icontains'
    | 'startswith'
    | 'istartswith'
    | 'endswith'
    | 'iendswith'
    | 'in'
    | 'gt'
    | 'gte'
    | 'lt'
    | 'lte'
    | 'isnull';
  readonly value: Scalar | readonly Scalar[];
};

/** Jobs that have one of the keys (numbers or ids), if there are keys, and fit every condition. */
export type JobSelection = { readonly keys?: readonly string[]; readonly conditions: readonly JobCondition[] };

/**
 * What can be asked about the jobs of a tenant, for the APIs that show them. The default tenant also sees the jobs of the installation. Schedules and
 * workers belong to the installation: everybody sees the same.
 */
export type JobQueries = {
  counts(tenant: string): Promise<{ waiting: number; scheduled: number; failed: number }>;
  /** Whether a worker is alive. */
  isRunning(): Promise<boolean>;
  /** In the order of storing unless told otherwise. */
  listWaiting(tenant: string, page: JobPageRequest<'number' | 'name' | 'created'>): Promise<JobPage<WaitingJob>>;
  /** What runs next comes first unless told otherwise. */
  listScheduled(page: JobPageRequest<'number' | 'name' | 'last_run' | 'next_run'>): Promise<JobPage<ScheduledKind>>;
  /** What stopped last comes first unless told otherwise. */
  listFailed(
    tenant: string,
    page: JobPageRequest<'number' | 'id' | 'name' | 'started' | 'stopped'>,
  ): Promise<JobPage<FailedJob>>;
  /** Deletes jobs that wait or run, all in one statement; a running one goes on, and its end is not kept. Answers how many. */
  deleteWaiting(tenant: string, selection: JobSelection): Promise<number>;
  /** Deletes dead letters. Answers how many. */
  deleteFailed(tenant: string, selection: JobSelection): Promise<number>;
};
