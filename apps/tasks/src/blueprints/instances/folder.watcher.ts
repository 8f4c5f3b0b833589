import { type FSWatcher, watch } from 'node:fs';
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

/** Watches a folder. Where that is not possible, the hourly look has to do. */
export type FolderWatcher = { start(): void; stop(): void };

/** Creates a watcher that does nothing yet. */
export function createFolderWatcher({ root, changed, log, quietMs = 500 }: WatcherDeps): FolderWatcher {
  let watcher: FSWatcher | undefined;
  let timer: NodeJS.Timeout | undefined;

  const failed = (error: unknown) => log.warn({ err: error }, 'the folder of blueprints cannot be watched');

  function tell(): void {
    changed().catch((error: unknown) => log.error({ err: error }, 'a change of the blueprints went unnoticed'));
  }

  return {
    start() {
      if (root === undefined) return;
      try {
        watcher = watch(root, { recursive: true, persistent: false }, () => {
          clearTimeout(timer);
          timer = setTimeout(tell, quietMs);
          timer.unref();
        });
        watcher.on('error', failed);
      } catch (error) {
        failed(error);
      }
    },
    stop() {
      clearTimeout(timer);
      watcher?.close();
    },
  };
}
