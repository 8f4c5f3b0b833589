import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Places } from './places.ts';

/** Programs of the system that stand around Node, outermost first. Each runs the rest of its command line. */
const WRAPPERS = [
  // A network name space with nothing in it.
  { whole: ['unshare', '--net', '--'], other: ['unshare', '--user', '--net', '--'] },
  // Dies with us even in the middle of a computation, and gains no privileges.
  { whole: ['setpriv', '--no-new-privs', '--pdeathsig', 'KILL', '--'] },
] as const;

const run = promisify(execFile);

/** The programs that this system has and permits us; none on a system without them. */
export async function findWrappers(): Promise<string[]> {
  const found: string[] = [];
  for (const wrapper of WRAPPERS) {
    const ways = 'other' in wrapper ? [wrapper.whole, wrapper.other] : [wrapper.whole];
    for (const way of ways) {
      if (!(await works([...found, ...way]))) continue;
      found.push(...way);
      break;
    }
  }
  return found;
}

async function works([command = '', ...args]: readonly string[]): Promise<boolean> {
  try {
    await run(command, [...args, 'true'], { timeout: 5_000, env: { PATH } });
    return true;
  } catch {
    return false;
  }
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
