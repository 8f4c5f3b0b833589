/** Pauses between the attempts of a job: the first, doubled each time, never more than the longest. Milliseconds. */
export type Backoff = { readonly firstMs: number; readonly maxMs: number };

/** A kind of job: what it is called and how hard it is tried. */
export type JobDefinition<Args extends object> = {
  readonly name: string;
  readonly attempts: number;
  readonly backoff: Backoff;
  readonly deadlineMs: number;
  /** Exists for the compiler only: ties orders and handlers to the arguments. */
  readonly args?: (args: Args) => void;
};

/** What a definition says; only the name has no default. */
export type JobDeclaration = {
  /** `<app>.<verb_noun>`: the app that runs it, and what it does. */
  name: string;
  /** How often it is tried before it is a dead letter. Default 5. */
  attempts?: number;
  /** Default: from one second to five minutes. */
  backoff?: Backoff;
  /** Milliseconds that an attempt may take; its signal is aborted then. Default 90 seconds. */
  deadlineMs?: number;
};

/** What one job may say differently from its kind. */
export type JobOptions = {
  /** While a job of this name, tenant and key waits or runs, another one is not kept. */
  uniqueKey?: string;
  /** Not to be started before this time. */
  startAfter?: Date;
  attempts?: number;
  backoff?: Backoff;
  deadlineMs?: number;
  /** Steps that its progress counts up to. */
  progressTotal?: number;
};

/** A job to be done, not yet asked for. */
export type JobOrder = {
  readonly definition: JobDefinition<never>;
  readonly args: object;
  readonly options: JobOptions;
};

const NAME = /^(auth|directory|providers|tasks)\.[a-z][a-z0-9_]*$/;
const BACKOFF: Backoff = { firstMs: 1_000, maxMs: 300_000 };
const DEADLINE_MS = 90_000;
/** The queue holds no lease for longer than a day. */
const LONGEST_DEADLINE_MS = 23 * 3_600_000;

/** Declares a kind of job. Throws TypeError when its name is not `<app>.<verb_noun>` or a number makes no sense. */
export function defineJob<Args extends object = Record<string, never>>(declared: JobDeclaration): JobDefinition<Args> {
  const { name, attempts = 5, backoff = BACKOFF, deadlineMs = DEADLINE_MS } = declared;
  if (!NAME.test(name)) throw new TypeError(`'${name}' is not a job: expected <app>.<verb_noun> in lower snake case`);
  return { name, ...requireLimits(name, { attempts, backoff, deadlineMs }) };
}

/** An order for a job: `jobs.enqueue(em, context, job(sendMail, { to }))`. */
export function job<Args extends object>(
  definition: JobDefinition<Args>,
  args: NoInfer<Args>,
  options: JobOptions = {},
): JobOrder {
  return { definition, args, options };
}

/** How hard a job is tried. */
export type Limits = { attempts: number; backoff: Backoff; deadlineMs: number };

/** Throws TypeError for limits that no job can have. */
export function requireLimits(name: string, limits: Limits): Limits {
  const { attempts, backoff, deadlineMs } = limits;
  const isFine =
    isBetween(attempts, 1, 1_000) &&
    isBetween(backoff.firstMs, 1, 86_400_000) &&
    isBetween(backoff.maxMs, backoff.firstMs, 86_400_000) &&
    isBetween(deadlineMs, 1, LONGEST_DEADLINE_MS);
  if (!isFine) throw new TypeError(`${name}: attempts, backoff or deadline are out of range`);
  return limits;
}

function isBetween(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
