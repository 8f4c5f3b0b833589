import { execFileSync } from 'node:child_process';
import { chown } from 'node:fs/promises';

/** The account PostgreSQL runs under; undefined is our own. */
export type ServerUser = { uid: number; gid: number } | undefined;

/** PostgreSQL refuses to run as root, so root hands over to the user `postgres`, created when missing. Anyone else runs it as themselves. */
export function serverUser(): ServerUser {
  if (process.getuid?.() !== 0) return undefined;
  return lookUp() ?? create();
}

/** Gives a file or folder to the account PostgreSQL runs under. */
export async function giveTo(user: ServerUser, path: string): Promise<void> {
  if (user) await chown(path, user.uid, user.gid);
}

function lookUp(): ServerUser {
  try {
    const id = (flag: string) =>
      Number(execFileSync('id', [flag, 'postgres'], { stdio: ['ignore', 'pipe', 'ignore'] }));
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return undefined;
  }
}

function create(): ServerUser {
  try {
    execFileSync('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/bin/false', 'postgres']);
  } catch (cause) {
    throw new Error('PostgreSQL cannot run as root, and no user "postgres" could be created to run it', { cause });
  }
  return lookUp();
}
