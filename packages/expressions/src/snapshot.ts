import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
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
  const name = `python-${version}.snapshot`;
  let making: Promise<void> | undefined;
  let isGivenUp = folder === undefined;

  const produce = async (target: string) => {
    try {
      await mkdir(target, { recursive: true, mode: 0o700 });
      const draft = join(target, `${name}.${process.pid}`);
      await writeFile(draft, await make(), { mode: 0o600 });
      await rename(draft, join(target, name));
      await removeOthers(target, name);
    } catch (err) {
      isGivenUp = true;
      log.warn({ err }, 'no snapshot of Python: expressions start slowly');
    }
  };
  return {
    async find() {
      if (isGivenUp || folder === undefined) return undefined;
      const file = join(folder, name);
      if (await exists(file)) return file;
      making ??= produce(folder).finally(() => {
        making = undefined;
      });
      await making;
      return isGivenUp ? undefined : file;
    },
    async discard(file) {
      isGivenUp = true;
      await rm(file, { force: true });
    },
  };
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    (found) => found.size > 0,
    () => false,
  );
}

/** Snapshots of versions that are gone. */
async function removeOthers(folder: string, name: string): Promise<void> {
  const others = (await readdir(folder)).filter((each) => each.endsWith('.snapshot') && each !== name);
  await Promise.all(others.map((each) => rm(join(folder, each), { force: true })));
}
