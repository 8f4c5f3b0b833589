import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the parts of an interpreter lie; the same for the sources and for what is built. */
export type Places = {
  /** Folder of the pyodide package. */
  pyodide: string;
  /** Folder with our Python package in it. */
  prelude: string;
  /** Folder of the program that runs in the child. */
  child: string;
  /** The program itself. */
  runner: string;
  /** Says that our files are modules. */
  manifest: string;
  /** Changes with everything that a snapshot depends on. */
  version: string;
};

export function findPlaces(): Places {
  const own = fileURLToPath(import.meta.url);
  const root = join(dirname(own), '..');
  const manifest = createRequire(import.meta.url).resolve('pyodide/package.json');
  const prelude = join(root, 'python');
  const child = join(dirname(own), 'child');
  return {
    pyodide: dirname(manifest),
    prelude,
    child,
    runner: join(child, `runner${extname(own)}`),
    manifest: join(root, 'package.json'),
    version: versionOf(readFileSync(manifest), [join(prelude, 'postern'), child]),
  };
}

function versionOf(manifest: Buffer, folders: readonly string[]): string {
  const hash = createHash('sha256').update(manifest).update(process.version).update(process.arch);
  for (const folder of folders) {
    for (const name of readdirSync(folder).toSorted()) {
      if (/\.(?:py|ts|js)$/.test(name)) hash.update(name).update(readFileSync(join(folder, name)));
    }
  }
  return hash.digest('hex').slice(0, 32);
}
