import { setTimeout as sleep } from 'node:timers/promises';
import { DEFAULT_TENANT } from '@postern/database';
import { auth } from '@postern/proto';
import { asService } from '@postern/rpc';
import type { RunningProcess } from '@postern/service';

const PATIENCE_MS = 10_000;
const PAUSE_MS = 50;

/**
 * Waits until the default administrator has reached the login service: on a first start a moment after everything serves. Answers the
 * path on which they choose their first password, or undefined once they have one. Somebody may have removed them: it waits 10 s at most.
 */
export async function untilSetUp({ client }: Pick<RunningProcess, 'client'>): Promise<string | undefined> {
  const { getSetup } = client(auth.SetupServiceDefinition);
  const limit = Date.now() + PATIENCE_MS;
  for (;;) {
    const { is_administrator_known, path } = await getSetup({}, asService(DEFAULT_TENANT));
    if (is_administrator_known || Date.now() > limit) return path;
    await sleep(PAUSE_MS);
  }
}
