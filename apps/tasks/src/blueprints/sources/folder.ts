import { constants } from 'node:fs';
import { type FileHandle, open, readdir, realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { BlueprintError } from '../format/index.ts';

/** A folder whose files may be read, and nothing beside it. */
export type Folder = {
  /** Paths of the files whose names end so, below the folder, in order. Hidden files and folders are left out. Throws where the folder cannot be read. */
  list(ending: string): Promise<string[]>;
  /** Text of a file below the folder, and when it was last changed. Throws BlueprintError. */
  read(path: string): Promise<FileText>;
  /** The same for what is no text. Throws BlueprintError. */
  bytes(path: string): Promise<Buffer>;
  /** Whether there is something at a path. False for one that leads out. */
  has(path: string): Promise<boolean>;
};

/** What a file holds. */
export type FileText = { readonly text: string; readonly changedAt: Date };

export type FolderOptions = {
  /** Where it is; undefined for a folder that nobody has given: it holds nothing. */
  readonly root: string | undefined;
  /** Largest file that is read, in bytes. */
  readonly maxBytes: number;
  /** What a path that leads out of it is called. */
  readonly refusal: string;
};

/** Opens a folder. Links are followed as long as they stay inside. */
export function createFolder({ root, maxBytes, refusal }: FolderOptions): Folder {
  /** The file that a path means, links resolved. */
  async function locate(path: string): Promise<string> {
    if (root === undefined || path === '' || path.includes('\0') || isAbsolute(path)) throw new BlueprintError(refusal);
    const home = await realpath(root).catch(() => {
      throw new BlueprintError('The folder cannot be read.');
    });
    // What leads out by its name is refused whether it exists or not.
    if (!isInside(home, resolve(home, path))) throw new BlueprintError(refusal);
    const target = await realpath(resolve(home, path)).catch(() => {
      throw new BlueprintError('There is no such file.');
    });
    if (!isInside(home, target)) throw new BlueprintError(refusal);
    return target;
  }

  async function load(path: string): Promise<{ bytes: Buffer; changedAt: Date }> {
    // A name that becomes a link after it was looked at is not followed, and a pipe does not make anybody wait.
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    const file = await open(await locate(path), flags).catch((cause: unknown) => {
      throw cause instanceof BlueprintError ? cause : new BlueprintError('The file cannot be read.');
    });
    try {
      const status = await file.stat();
      if (!status.isFile()) throw new BlueprintError('There is no such file.');
      if (status.size > maxBytes) throw new BlueprintError(`The file has more than ${maxBytes} bytes.`);
      // One byte more than there was tells whether it has grown since.
      const small = await readUpTo(file, status.size + 1);
      const bytes = small.length > status.size ? await readUpTo(file, maxBytes + 1) : small;
      if (bytes.length > maxBytes) throw new BlueprintError(`The file has more than ${maxBytes} bytes.`);
      return { bytes, changedAt: status.mtime };
    } finally {
      await file.close();
    }
  }

  return {
    async list(ending) {
      if (root === undefined) return [];
      return (await filesBelow(root, '', 0)).filter((path) => path.endsWith(ending)).sort();
    },

    has: (path) =>
      locate(path).then(
        () => true,
        () => false,
      ),

    async read(path) {
      const { bytes, changedAt } = await load(path);
      return { text: textOf(bytes), changedAt };
    },

    bytes: async (path) => (await load(path)).bytes,
  };
}

async function readUpTo(file: FileHandle, most: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(most), 0, most, 0);
  return buffer.subarray(0, bytesRead);
}

const DEEPEST = 20;

/** Folders behind links are not walked: they may lead round in circles. */
async function filesBelow(root: string, below: string, depth: number): Promise<string[]> {
  if (depth > DEEPEST) return [];
  const found: string[] = [];
  for (const item of await readdir(resolve(root, below), { withFileTypes: true })) {
    if (item.name.startsWith('.')) continue;
    const path = below === '' ? item.name : `${below}/${item.name}`;
    if (item.isDirectory()) found.push(...(await filesBelow(root, path, depth + 1)));
    else found.push(path);
  }
  return found;
}

function isInside(home: string, target: string): boolean {
  const path = relative(home, target);
  return path !== '' && path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path);
}

function textOf(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new BlueprintError('The file is not UTF-8 text.');
  }
}
