import { type FileHandle, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PolicyFailed } from '../policy.question.ts';
import { countIn, type LeakedPasswords, sha1Of, timesOf } from './leaked.ts';

/** Bytes read at once: more than two lines of a list. */
const LOOK = 160;
const HASH = 40;

/**
 * Looks passwords up in one file: lines of `<SHA-1>:<count>` in the order of the hashes, as the list of all leaked passwords comes (some 40 GB).
 * Found by halving: thirty short reads, no index, nothing kept in memory.
 */
export function leakedInFile(path: string): LeakedPasswords {
  return {
    count: (password) =>
      guarded(async () => {
        const file = await open(path, 'r');
        try {
          const { size } = await file.stat();
          return await search(file, size, sha1Of(password));
        } finally {
          await file.close();
        }
      }),
  };
}

/**
 * Looks passwords up in a folder of ranges: a file for each of the 1,048,576 prefixes, `5BAA6` or `5BAA6.txt`, with lines of
 * `<end of the SHA-1>:<count>`, as the downloader of the service writes them. A range that is not there is an error, not a good password.
 */
export function leakedInFolder(folder: string): LeakedPasswords {
  return {
    count: (password) =>
      guarded(async () => {
        const hash = sha1Of(password);
        const name = join(folder, hash.slice(0, 5));
        const range = await readFile(name, 'latin1').catch(() => readFile(`${name}.txt`, 'latin1'));
        return countIn(range, hash.slice(5));
      }),
  };
}

/** Halves what is left of the file until the line is found, or there is none. `from` and `to` are where lines begin. */
async function search(file: FileHandle, size: number, hash: string): Promise<number> {
  let from = 0;
  let to = size;
  while (from < to) {
    const { start, line } = await lineAt(file, Math.floor((from + to) / 2), from);
    const known = line.slice(0, HASH).toUpperCase();
    if (!/^[0-9A-F]{40}$/.test(known)) throw new Error('the file is no list of hashes');
    if (known === hash) return timesOf(line.trimEnd(), HASH);
    if (known < hash) from = start + line.length;
    else to = start;
  }
  return 0;
}

/** The line that holds a place, its end included. Looks back no further than to `first`. */
async function lineAt(file: FileHandle, place: number, first: number): Promise<{ start: number; line: string }> {
  const begin = Math.max(first, place - LOOK);
  const buffer = Buffer.alloc(2 * LOOK);
  const { bytesRead } = await file.read(buffer, 0, buffer.length, begin);
  const text = buffer.toString('latin1', 0, bytesRead);
  const start = text.lastIndexOf('\n', place - begin - 1) + 1;
  const end = text.indexOf('\n', place - begin);
  return { start: begin + start, line: text.slice(start, end === -1 ? undefined : end + 1) };
}

async function guarded(work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PolicyFailed(`Leaked passwords cannot be looked up: ${reason}.`);
  }
}
