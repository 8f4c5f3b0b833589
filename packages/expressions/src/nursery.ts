import type { Logger } from '@postern/observability';
import { commandLine, findWrappers } from './confinement.ts';
import { fetchSnapshot, type Interpreter, startInterpreter } from './interpreter.ts';
import { findPlaces } from './places.ts';
import { createSnapshots } from './snapshot.ts';

/** Starts interpreters: from the snapshot where there is one, from scratch otherwise. */
export type Nursery = {
  start(): Promise<Interpreter>;
};

export type NurseryOptions = { cacheDir: string | undefined; memory: number; softMs: number; hardMs: number };

export function createNursery({ log, options }: { log: Logger; options: NurseryOptions }): Nursery {
  const { cacheDir, ...limits } = options;
  const { memory } = limits;
  const places = findPlaces();
  let wrappers: Promise<string[]> | undefined;
  const surroundings = () => {
    wrappers ??= findWrappers();
    return wrappers;
  };
  const make = async () => fetchSnapshot(commandLine(await surroundings(), places, 'snapshot', { memory }));
  const snapshots = createSnapshots({ folder: cacheDir, version: places.version, make, log });

  const startFrom = async (snapshot: string | undefined) => {
    const line = commandLine(await surroundings(), places, 'serve', { memory, snapshot });
    const begin = performance.now();
    const interpreter = await startInterpreter({ line, ...limits });
    const milliseconds = Math.round(performance.now() - begin);
    log.debug({ pid: interpreter.pid, milliseconds, snapshot: snapshot !== undefined }, 'an interpreter is ready');
    return interpreter;
  };
  return {
    async start() {
      const snapshot = await snapshots.find();
      try {
        return await startFrom(snapshot);
      } catch (err) {
        log.warn(
          { err, snapshot },
          'Python does not start; it is tried once more, without anything it could do without',
        );
        wrappers = Promise.resolve([]);
        if (snapshot !== undefined) await snapshots.discard(snapshot);
        return startFrom(undefined);
      }
    },
  };
}
