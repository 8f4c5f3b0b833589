import type { RunningProcess } from '@postern/service';
import { untilSetUp } from './set-up.ts';

/**
 * Tells the person at the terminal where to sign in, or where to choose the first password.
 *
 * @param origin of the gateway; undefined where it runs elsewhere
 */
export async function greet(running: Pick<RunningProcess, 'client' | 'log'>, origin?: string): Promise<void> {
  try {
    const path = await untilSetUp(running);
    process.stdout.write(textOf(origin, path));
  } catch (error) {
    running.log.warn({ err: error }, 'the set-up could not be looked at');
  }
}

function textOf(origin: string | undefined, path: string | undefined): string {
  const setUp = path && `Choose the administrator's password at\n  ${origin ?? "the gateway's address and "}${path}`;
  if (origin === undefined) return setUp ? `\n  ${setUp}\n\n` : '';
  return `\n  Postern is ready. ${setUp ?? `Sign in at ${origin}/`}\n\n`;
}
