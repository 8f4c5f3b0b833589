import { inSpan, type Logger, redactText } from '@postern/observability';
import { FinalFailure } from './final-failure.ts';
import type { JobHandler, JobRun } from './job.handler.ts';

/** One attempt at a job. */
export type Attempt = {
  readonly id: string;
  readonly name: string;
  readonly tenant: string;
  readonly args: unknown;
  /** Counts from 1. */
  readonly attempt: number;
};

/** How an attempt ended; `unknown` when nobody here does such jobs. */
export type Outcome = {
  readonly status: 'successful' | 'warning' | 'error' | 'unknown';
  readonly messages: readonly string[];
  /** Why it failed; empty when it did not. */
  readonly error: string;
  /** Name under which it is shown to administrators; empty when it is not. */
  readonly task: string;
  readonly uid: string;
  /** Whether trying again is of no use. */
  readonly isFinal: boolean;
};

/** Runs attempts. It never throws. */
export type JobRunner = {
  readonly handlers: readonly JobHandler[];
  run(attempt: Attempt, surroundings: Pick<JobRun, 'signal' | 'progress'>): Promise<Outcome>;
};

const MOST_MESSAGES = 100;
const LONGEST_MESSAGE = 1_000;
const LONGEST_ERROR = 4_000;
const LONGEST_UID = 200;

/** Creates the runner of an app. Throws TypeError when two handlers claim one job. */
export function createJobRunner({ handlers, log }: { handlers: readonly JobHandler[]; log: Logger }): JobRunner {
  const byName = new Map(handlers.map((handler) => [handler.definition.name, handler]));
  if (byName.size < handlers.length) throw new TypeError('two handlers claim the same job');
  return {
    handlers,
    async run(attempt, { signal, progress }) {
      const handler = byName.get(attempt.name);
      if (!handler) return { ...NOTHING, status: 'unknown', error: `no app does jobs called ${attempt.name}` };
      const { id, name, tenant } = attempt;
      let own: Logger | undefined;
      const run: JobRun = {
        id,
        tenant,
        attempt: attempt.attempt,
        signal,
        progress,
        get log() {
          own ??= log.child({ job: name, id, tenant });
          return own;
        },
      };
      const shown = { task: handler.task, uid: uidOf(handler, attempt.args) };
      try {
        const work = () => handler.run(attempt.args, run);
        const { messages = [], status = 'successful' } = await inSpan(`job ${name}`, { kind: 'consumer' }, work);
        // A handler that stopped because it was told to has not done its job.
        if (signal.aborted) return { ...NOTHING, ...shown, status: 'error', error: reasonOf(signal) };
        return { ...NOTHING, status, messages: bounded(messages), ...shown };
      } catch (error) {
        const text = signal.aborted ? reasonOf(signal) : describeFailure(error);
        return { ...NOTHING, ...shown, status: 'error', error: text, isFinal: error instanceof FinalFailure };
      }
    },
  };
}

const NOTHING = { messages: [], error: '', task: '', uid: '', isFinal: false } as const;

function uidOf(handler: JobHandler, args: unknown): string {
  if (!handler.task) return '';
  try {
    return handler.uid(args).slice(0, LONGEST_UID);
  } catch {
    return '';
  }
}

function bounded(messages: readonly string[]): string[] {
  return messages.slice(0, MOST_MESSAGES).map((message) => String(message).slice(0, LONGEST_MESSAGE));
}

function reasonOf({ reason }: AbortSignal): string {
  return reason instanceof Error ? reason.message : String(reason);
}

/** What went wrong, with its causes, for administrators: no stack, no logins inside URLs, bounded. */
export function describeFailure(error: unknown): string {
  const lines: string[] = [];
  for (let each = error, depth = 0; each !== undefined && depth < 5; depth++) {
    lines.push(each instanceof Error ? `${each.name}: ${each.message}` : String(each));
    each = each instanceof Error ? each.cause : undefined;
  }
  return redactText(lines.join('\ncaused by ')).replaceAll('\0', '').slice(0, LONGEST_ERROR);
}
