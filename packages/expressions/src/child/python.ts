import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Python, loaded, with our own package in it. Texts cross the border, and nothing else. */
export type Python = {
  connect(ask: (text: string) => string): void;
  settle(): void;
  evaluate(text: string): string;
  check(text: string): string;
  restore(): void;
};

export type PythonPlaces = {
  /** Folder of the pyodide package. */
  pyodide: string;
  /** Folder that holds the package `postern`. */
  prelude: string;
  /** File of a memory snapshot; without it everything is loaded from scratch. */
  snapshot?: string;
};

type Border = { get(name: string): (...args: readonly unknown[]) => string; destroy(): void };

/** What we use of pyodide. Snapshots are not in its types. */
type Pyodide = {
  FS: {
    mkdirTree(path: string): void;
    writeFile(path: string, text: string): void;
    ErrnoError: new (errno: number) => Error;
    filesystems: { MEMFS: { ops_table: { file: { stream: object; node: object } } } };
  };
  setStdin(options: { error: boolean }): void;
  setStdout(options: { write: (bytes: Uint8Array) => number }): void;
  setStderr(options: { write: (bytes: Uint8Array) => number }): void;
  setInterruptBuffer(buffer: object): void;
  runPython(code: string): unknown;
  makeMemorySnapshot(): Uint8Array;
};

type Loader = { loadPyodide(options: object): Promise<Pyodide> };

const LIBRARY = '/lib/python-postern';
const IMPORT = `import sys; sys.path.insert(0, '${LIBRARY}') if '${LIBRARY}' not in sys.path else None; import postern.border`;

/** Loads Python, from the snapshot when there is one, and locks its doors. */
export async function loadPython(places: PythonPlaces, clock: { buffer: object }): Promise<Python> {
  const { loadPyodide } = await loader(places);
  const memory = places.snapshot === undefined ? {} : { _loadSnapshot: readFileSync(places.snapshot) };
  const pyodide = await loadPyodide({ ...options(), ...memory });
  if (places.snapshot === undefined) bringPrelude(pyodide, places.prelude);
  silence(pyodide);
  sealFiles(pyodide);
  pyodide.setInterruptBuffer(clock.buffer);
  const border = pyodide.runPython('import postern.border; postern.border.__dict__') as Border;
  const call = (name: string) => border.get(name);
  const python = {
    connect: call('connect'),
    settle: call('settle'),
    evaluate: call('evaluate'),
    check: call('check'),
    restore: call('restore'),
  };
  border.destroy();
  return python;
}

/** The memory of an interpreter with everything loaded, from which others start. */
export async function takeSnapshot(places: PythonPlaces): Promise<Uint8Array> {
  const { loadPyodide } = await loader(places);
  const pyodide = await loadPyodide({ ...options(), _makeSnapshot: true });
  bringPrelude(pyodide, places.prelude);
  return pyodide.makeMemorySnapshot();
}

function loader({ pyodide }: PythonPlaces): Promise<Loader> {
  return import(pathToFileURL(join(pyodide, 'pyodide.mjs')).href);
}

/** No object of JavaScript is handed to Python; its environment tells nothing. */
function options(): object {
  return {
    jsglobals: Object.freeze(Object.create(null)),
    env: { HOME: '/', LANG: 'C.UTF-8', _: '/', PYTHONHASHSEED: 'random' },
    packageCacheDir: '/nowhere',
  };
}

function bringPrelude({ FS, runPython }: Pyodide, folder: string): void {
  FS.mkdirTree(`${LIBRARY}/postern`);
  for (const name of readdirSync(join(folder, 'postern')).filter((each) => each.endsWith('.py'))) {
    FS.writeFile(`${LIBRARY}/postern/${name}`, readFileSync(join(folder, 'postern', name), 'utf8'));
  }
  runPython(IMPORT);
}

/** What Python prints past our own streams goes nowhere: the descriptors of this process carry frames. */
function silence(pyodide: Pyodide): void {
  const drop = { write: (bytes: Uint8Array) => bytes.length };
  pyodide.setStdin({ error: true });
  pyodide.setStdout(drop);
  pyodide.setStderr(drop);
}

const READ_ONLY = 69;

/** The files of Python lie in memory that no cap counts: from now on nothing is written to them. */
function sealFiles({ FS }: Pyodide): void {
  const refuse = () => {
    throw new FS.ErrnoError(READ_ONLY);
  };
  const { stream, node } = FS.filesystems.MEMFS.ops_table.file;
  Object.assign(stream, { write: refuse, allocate: refuse });
  Object.assign(node, { setattr: refuse });
}
