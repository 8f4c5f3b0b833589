import type { Environment } from '@postern/config';
import { runMain } from '@postern/service';
import { type Prepared, prepare } from './prepare.ts';
import { welcome } from './welcome.ts';

/** Runs every app in this process until it is told to stop; the database that it started stops last. */
export async function runEverything(env: Environment): Promise<void> {
  let prepared: Prepared | undefined;
  const start = async () => {
    prepared = await prepare({ env });
    return prepared.options;
  };
  await runMain(start, {
    ready: () => process.stdout.write(prepared ? welcome(prepared.options) : ''),
    closed: async () => prepared?.close(),
  });
}
