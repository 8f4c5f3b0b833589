import { lstat, mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '@postern/observability';

/** The memory snapshot in the cache folder. Any number of processes may share the folder. */
export type Snapshots = {
  /** The file; made first where it is missing, which takes as long as to load Python from scratch. Undefined where there can be none. */
  find(): Promise<string | undefined>;
  /** Removes one that no interpreter could start from; nothing is made again in the life of this process. */
  discard(file: string): Promise<void>;
};

export function createSnapshots({
  folder,
  version,
  make,
  log,
}: {
  folder: string | undefined;
  version: string;
  make: () => Promise<Buffer>;
  log: Logger;
}): Snapshots {
  let making: Promise<string | undefined> | undefined;
  let isGivenUp = folder === undefined;

  const produce = async (target: string) => {
    try {
      await mkdir(target, { recursive: true, mode: 0o700 });
      await requireOwn(target);
      const bytes = await make();
      const name = `python-${version}-${bytes.length}.snapshot`;
      const draft = join(target, `${name}.${process.pid}`);
      await writeFile(draft, bytes, { mode: 0o600, flush: true });
      await rename(draft, join(target, name));
      await removeOld(target);
      return join(target, name);
    } catch (err) {
      isGivenUp = true;
      log.warn({ err }, 'no snapshot of Python: expressions start slowly');
      return undefined;
    }
  };
  return {
    async find() {
      if (isGivenUp || folder === undefined) return undefined;
      const found = await findComplete(folder, version);
      if (found !== undefined) return found;
      making ??= produce(folder).finally(() => {
        making = undefined;
      });
      return making;
    },
    async discard(file) {
      isGivenUp = true;
      await rm(file, { force: true });
    },
  };
}

/** The snapshot of this version that is as long as its name says: Python does not notice that one is cut off. */
async function findComplete(folder: string, version: string): Promise<string | undefined> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const bytes = name.startsWith(`python-${version}-`) && /-(\d+)\.snapshot$/.exec(name)?.[1];
    if (!bytes) continue;
    const file = join(folder, name);
    const { size } = await stat(file).catch(() => ({ size: -1 }));
    if (size !== Number(bytes) || !(await isOwn(folder))) continue;
    await utimes(file, new Date(), new Date()).catch(() => undefined);
    return file;
  }
  return undefined;
}

/** Whoever can write a snapshot can change what expressions come to: the folder must be ours, and nobody else may write to it. */
async function isOwn(folder: string): Promise<boolean> {
  const found = await lstat(folder);
  const uid = process.getuid?.();
  const isOurs = uid === undefined || found.uid === uid;
  return found.isDirectory() && isOurs && (uid === undefined || (found.mode & 0o022) === 0);
}

async function requireOwn(folder: string): Promise<void> {
  if (!(await isOwn(folder))) throw new Error(`${folder} is not ours alone.`);
}

const OLD_MS = 7 * 86_400_000;

/** Removes snapshots that nobody has started from for a week: those of versions that are gone. */
async function removeOld(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith('python-')) continue;
    const file = join(folder, name);
    const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > OLD_MS) await rm(file, { force: true });
  }
}
