import { type FSWatcher, watch } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '@postern/observability';

export type WatcherDeps = {
  /** The folder; undefined for none. */
  readonly root: string | undefined;
  /** Told once things have been quiet for a moment. */
  changed(): Promise<void>;
  readonly log: Logger;
  /** Milliseconds without a change that make a moment. Default 500. */
  readonly quietMs?: number;
};

/** Watches a folder and those below it. Where that is not possible, the hourly look has to do. */
export type FolderWatcher = {
  /** Resolves when it watches. */
  start(): Promise<void>;
  stop(): void;
};

/** More folders than this are not watched: each takes a watch of the kernel. */
const MOST_FOLDERS = 500;

/**
 * Creates a watcher that does nothing yet. It watches each folder by itself: the recursive watch of Node follows files, and loses one that an editor
 * replaces.
 */
export function createFolderWatcher({ root, changed, log, quietMs = 500 }: WatcherDeps): FolderWatcher {
  const watchers = new Map<string, FSWatcher>();
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;

  function noticed(): void {
    clearTimeout(timer);
    timer = setTimeout(settled, quietMs);
    timer.unref();
  }

  function settled(): void {
    watchAll()
      .then(changed)
      .catch((err: unknown) => log.error({ err }, 'a change of the blueprints went unnoticed'));
  }

  function forget(folder: string): void {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  }

  function watchOne(folder: string): void {
    if (watchers.has(folder) || isStopped) return;
    try {
      const watcher = watch(folder, { persistent: false }, noticed);
      // A folder that goes takes its watch with it.
      watcher.on('error', () => forget(folder));
      watchers.set(folder, watcher);
    } catch (err) {
      log.warn({ err, folder }, 'a folder of blueprints cannot be watched');
    }
  }

  /** Begins with new folders, and ends with those that are gone. */
  async function watchAll(): Promise<void> {
    if (root === undefined) return;
    const folders = new Set((await foldersBelow(root)).slice(0, MOST_FOLDERS));
    for (const folder of [...watchers.keys()].filter((known) => !folders.has(known))) forget(folder);
    for (const folder of folders) watchOne(folder);
  }

  return {
    start: watchAll,
    stop() {
      isStopped = true;
      clearTimeout(timer);
      for (const folder of [...watchers.keys()]) forget(folder);
    },
  };
}

async function foldersBelow(folder: string): Promise<string[]> {
  const items = await readdir(folder, { withFileTypes: true }).catch(() => undefined);
  if (!items) return [];
  const below = items.filter((item) => item.isDirectory() && !item.name.startsWith('.'));
  const deeper = await Promise.all(below.map(({ name }) => foldersBelow(join(folder, name))));
  return [folder, ...deeper.flat()];
}
