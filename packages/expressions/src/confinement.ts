import { execFile } from 'node:child_process';
import type { Places } from './places.ts';

/** Dies with us even in the middle of a computation, and gains no privileges. */
const ALONE = [['setpriv', '--no-new-privs', '--pdeathsig', 'KILL', '--']];
/** A network with nothing in it: as root, or as anybody where the system lets them have their own. */
const OFFLINE = [
  ['unshare', '--net', '--'],
  ['unshare', '--user', '--net', '--'],
];

/** The programs that this system has and permits us to put around Node, outermost first; none on a system without them. */
export async function findWrappers(): Promise<string[]> {
  let found: readonly string[] = [];
  for (const ways of [ALONE, OFFLINE]) {
    for (const way of ways) {
      if (!(await works([...way, ...found]))) continue;
      found = [...way, ...found];
      break;
    }
  }
  return [...found];
}

const PATIENCE_MS = 3_000;

/** What takes long counts as what does not work: making a network can wait in the kernel for others to be unmade. */
async function works([command = '', ...args]: readonly string[]): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const child = execFile(command, [...args, 'true'], { env: { PATH } }, (error) => resolve(error === null));
  const timer = setTimeout(() => {
    child.kill('SIGKILL');
    resolve(false);
  }, PATIENCE_MS);
  return promise.finally(() => clearTimeout(timer));
}

/** Where the wrappers are looked for; they lie in the same place everywhere. */
const PATH = '/usr/bin:/bin:/usr/sbin:/sbin';

/** What the child may hold in objects of JavaScript, in MiB. */
const JS_HEAP = 128;

export type CommandLine = { command: string; args: string[]; env: { [name: string]: string } };

/** The command line of a child: no environment, no code out of strings, and of the file system only what it is made of. */
export function commandLine(
  wrappers: readonly string[],
  places: Places,
  task: 'serve' | 'snapshot',
  options: { memory: number; snapshot?: string },
): CommandLine {
  const { pyodide, prelude, child, runner, manifest } = places;
  const readable = [
    `${pyodide}/`,
    `${prelude}/`,
    `${child}/`,
    manifest,
    ...(options.snapshot ? [options.snapshot] : []),
  ];
  const fence = [
    '--disallow-code-generation-from-strings',
    '--permission',
    ...readable.map((path) => `--allow-fs-read=${path}`),
    `--max-old-space-size=${JS_HEAP}`,
    '--no-warnings',
  ];
  const [command = process.execPath, ...before] = [...wrappers, process.execPath];
  const args = [...before, ...fence, runner, task, JSON.stringify({ pyodide, prelude, ...options })];
  return { command, args, env: { PATH } };
}
