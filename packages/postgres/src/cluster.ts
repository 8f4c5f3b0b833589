import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Binaries } from './binaries.ts';
import { giveTo, type ServerUser } from './server-user.ts';

const run = promisify(execFile);

/** Creates the data folder when there is none and answers the superuser's password, which lies in a 0600 file beside the folder. */
export async function prepareCluster(dataDir: string, binaries: Binaries, user: ServerUser): Promise<string> {
  const passwordFile = `${dataDir}.password`;
  if (existsSync(join(dataDir, 'PG_VERSION'))) return readPassword(passwordFile, dataDir);
  const password = randomBytes(24).toString('base64url');
  await writeFile(passwordFile, password, { mode: 0o600 });
  await createCluster(dataDir, password, binaries, user);
  return password;
}

async function readPassword(file: string, dataDir: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (cause) {
    throw new Error(`${dataDir} holds a database, but its password file ${file} cannot be read`, { cause });
  }
}

// Built aside and renamed, so that a first start that is killed half way leaves nothing that looks like a database.
async function createCluster(dataDir: string, password: string, { initdb }: Binaries, user: ServerUser): Promise<void> {
  const building = `${dataDir}.new`;
  await rm(building, { recursive: true, force: true });
  await mkdir(building, { recursive: true, mode: 0o700 });
  await giveTo(user, building);
  const secrets = await mkdtemp(join(tmpdir(), 'postern-initdb-'));
  try {
    const file = join(secrets, 'password');
    await writeFile(file, password, { mode: 0o600 });
    await giveTo(user, file);
    await giveTo(user, secrets);
    const options = [
      '--username=postgres',
      `--pwfile=${file}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
    ];
    await run(initdb, [`--pgdata=${building}`, ...options], { ...user, cwd: dirname(building), env: {} });
  } catch (cause) {
    const details = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : String(cause);
    throw new Error(`the database in ${dataDir} could not be created: ${details}`, { cause });
  } finally {
    await rm(secrets, { recursive: true, force: true });
  }
  await rm(dataDir, { recursive: true, force: true });
  await rename(building, dataDir);
}
