import { ConfigError } from '@postern/config';
import { createLogger } from '@postern/observability';
import { type ProcessOptions, type RunningProcess, startProcess } from './process.ts';
import { collectAtRest } from './rest.ts';

/** Between the first signal and one that means it: a terminal and a parent may both pass on the same Ctrl-C. */
const SAME_SIGNAL_MS = 1_000;

/** What happens around a start, for a composition root that has more to open. */
export type MainHooks = {
  /** Runs once everything serves. */
  ready?: (running: RunningProcess) => void;
  /** Runs after everything is closed. */
  closed?: () => Promise<void>;
};

/**
 * Runs apps until SIGTERM or SIGINT, then drains. A second signal ends the process at once. Exits with 1 when the start fails or an error
 * escapes; wrong settings are named without a stack. A signal during the start takes effect when it is done.
 *
 * @param options what to run, or a function that prepares it (a database of the process's own; `closed` is its counterpart)
 */
export async function runMain(
  options: ProcessOptions | (() => Promise<ProcessOptions>),
  { ready, closed }: MainHooks = {},
): Promise<void> {
  const signalled = onSignal();
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) process.once(event, (error) => die(error));
  try {
    const running = await startProcess(typeof options === 'function' ? await options() : options);
    ready?.(running);
    const stopCollecting = collectAtRest();
    await signalled;
    stopCollecting();
    await running.stop();
  } catch (error) {
    report(error);
    process.exitCode = 1;
  }
  await closed?.().catch(die);
  // Whatever still holds the loop (a socket of a driver) must not hold the process.
  setTimeout(() => process.exit(), 1_000).unref();
}

function onSignal(): Promise<void> {
  return new Promise((resolve) => {
    let first: number | undefined;
    const receive = () => {
      if (first !== undefined && performance.now() - first > SAME_SIGNAL_MS) process.exit(130);
      first ??= performance.now();
      resolve();
    };
    process.on('SIGTERM', receive);
    process.on('SIGINT', receive);
  });
}

function die(error: unknown): never {
  report(error);
  process.exit(1);
}

function report(error: unknown): void {
  if (error instanceof ConfigError) process.stderr.write(`${error.message}\n`);
  else createLogger().error({ err: error }, 'the process cannot go on');
}
