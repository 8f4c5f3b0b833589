/** How far a job is. */
export type Progress = { readonly done: number; readonly total: number; readonly message: string };

/** Passes on what a job says of its progress: the latest, and not more often than people look. */
export type ProgressReporter = {
  report(done: number, total?: number, message?: string): void;
  /** Passes on nothing more; resolves when what is under way has arrived. */
  close(): Promise<void>;
};

export type ProgressReporterDeps = {
  write(progress: Progress): Promise<void>;
  /** Told when a progress did not arrive: the job goes on. */
  onError(error: unknown): void;
  /** Milliseconds between two that are passed on. Default 250. */
  pauseMs?: number;
};

const LONGEST_MESSAGE = 500;

/** Creates the reporter of one attempt. */
export function createProgressReporter({ write, onError, pauseMs = 250 }: ProgressReporterDeps): ProgressReporter {
  let latest: Progress | undefined;
  let timer: NodeJS.Timeout | undefined;
  let writing = Promise.resolve();

  function send(): void {
    timer = undefined;
    if (!latest) return;
    const progress = latest;
    latest = undefined;
    timer = setTimeout(send, pauseMs).unref();
    writing = writing.then(() => write(progress)).catch(onError);
  }

  return {
    report(done, total = 0, message = '') {
      latest = { done: whole(done), total: whole(total), message: message.slice(0, LONGEST_MESSAGE) };
      if (!timer) send();
    },
    async close() {
      clearTimeout(timer);
      timer = undefined;
      if (latest) writing = writing.then(() => (latest ? write(latest) : undefined)).catch(onError);
      await writing;
      latest = undefined;
    },
  };
}

function whole(value: number): number {
  return Number.isFinite(value) ? Math.min(Math.max(Math.trunc(value), 0), 2 ** 31 - 1) : 0;
}
