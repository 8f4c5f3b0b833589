import type { Environment } from '@postern/config';
import { type ProcessOptions, type RunningProcess, runMain } from '@postern/service';
import { type Prepared, prepare } from './prepare.ts';
import { untilSetUp } from './set-up.ts';
import { welcome } from './welcome.ts';

/** Runs every app in this process until it is told to stop; the database that it started stops last. */
export async function runEverything(env: Environment): Promise<void> {
  let prepared: Prepared | undefined;
  const start = async () => {
    prepared = await prepare({ env });
    return prepared.options;
  };
  await runMain(start, {
    ready: (running) => void (prepared && greet(running, prepared.options)),
    closed: async () => prepared?.close(),
  });
}

async function greet(running: RunningProcess, options: ProcessOptions): Promise<void> {
  try {
    process.stdout.write(welcome(options, await untilSetUp(running)));
  } catch (error) {
    running.log.warn({ err: error }, 'the set-up could not be looked at');
  }
}
