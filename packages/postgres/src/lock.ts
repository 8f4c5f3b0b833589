import { readFile, rm, writeFile } from 'node:fs/promises';
import { isAlive, startTime } from './process.ts';

/** A claim on a data folder. */
export type Lock = { release(): Promise<void> };

/**
 * Claims a data folder for this process, so that two supervisors never run one database. The claim of a process that is gone does
 * not count.
 */
export async function claim(file: string): Promise<Lock> {
  const own = JSON.stringify({ pid: process.pid, started: startTime(process.pid) });
  for (;;) {
    try {
      await writeFile(file, own, { flag: 'wx', mode: 0o600 });
      return { release: () => rm(file, { force: true }) };
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    const holder = await readHolder(file);
    if (holder) throw new Error(`the data folder is in use by process ${holder} (${file})`);
    await rm(file, { force: true });
  }
}

async function readHolder(file: string): Promise<number | undefined> {
  try {
    const { pid, started } = JSON.parse(await readFile(file, 'utf8'));
    return typeof pid === 'number' && isAlive(pid) && startTime(pid) === started ? pid : undefined;
  } catch {
    return undefined;
  }
}
