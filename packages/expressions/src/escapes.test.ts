import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Interpreter } from './interpreter.ts';
import { findPlaces } from './places.ts';
import { anInterpreter } from './testing.fixture.ts';

/** Every way out that Python has been seen to take, tried again. Where a socket is meant, a listener judges, and never Python. */

let listener: Server;
let port = 0;
let visits = 0;
// An interpreter starts in 0.4 s, and on a machine that is busy with other tests in many.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

beforeAll(async () => {
  process.env.POSTERN_PROBE = 'a-secret-of-the-host';
  listener = createServer((socket) => {
    visits += 1;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});

afterAll(() => {
  delete process.env.POSTERN_PROBE;
  listener.close();
});

/** Says how an attempt went: `value: ...`, or `failure: ...`. */
const OUTCOME = /^(value|raised|result|time|crashed): ?/;

async function attempt(interpreter: Interpreter, code: string): Promise<string> {
  const text = JSON.stringify({ name: 'probe', kind: 'mapping', code, variables: {}, functions: [] });
  const answer = await interpreter.ask('evaluate', text, async () => '{"value":null}').catch((error) => error);
  if (answer instanceof Error) return `crashed: ${answer.message}`;
  const { failure, message, value } = JSON.parse(answer);
  return failure === undefined ? `value: ${JSON.stringify(value)}` : `${failure}: ${message}`;
}

const NO_CODE = /Code generation from strings disallowed/;

/** Attempts that end in an exception of Python, after which the interpreter goes on. */
const REFUSED: readonly [title: string, code: string, refusal: RegExp][] = [
  [
    'the constructor of JavaScript functions',
    'import pyodide_js\nreturn pyodide_js.constructor.constructor("return process.version")()',
    NO_CODE,
  ],
  [
    'the constructor of what was handed to JavaScript',
    'from pyodide.ffi import to_js\nreturn to_js([1]).constructor.constructor("return process")()',
    NO_CODE,
  ],
  [
    'the constructor of our own function',
    'import postern.host\nreturn postern.host._ask.constructor("return process")()',
    NO_CODE,
  ],
  [
    'subclasses, their globals and the garbage collector',
    `
for cls in ().__class__.__base__.__subclasses__():
    found = getattr(cls.__init__, "__globals__", {}).get("sys")
    if found is not None:
        break
gc = found.modules["gc"]
for each in gc.get_objects():
    proxies = getattr(type(each), "jsproxies", None) or getattr(each, "jsproxies", None)
    if isinstance(proxies, dict) and "pyodide_js" in proxies:
        return proxies["pyodide_js"].constructor.constructor("return process")()
return "found nothing"`,
    NO_CODE,
  ],
  [
    'eval of JavaScript',
    'from pyodide.code import run_js\nreturn run_js("process.version")',
    /cannot import name 'eval'/,
  ],
  ['names of JavaScript', 'import js\nreturn js.process.version', /process/],
  ['global names of JavaScript', 'from js import globalThis\nreturn globalThis', /globalThis/],
  ['a folder of the host', 'import pyodide_js\npyodide_js.mountNodeFS("/mnt", "/etc")', /does not exist/],
  ['the root of the host', 'import pyodide_js\npyodide_js.mountNodeFS("/mnt", "/")', /does not exist/],
  ['the processes of the host', 'import pyodide_js\npyodide_js.mountNodeFS("/mnt", "/proc/self")', /does not exist/],
  ['the temporary folder of the host', 'import pyodide_js\npyodide_js.mountNodeFS("/mnt", "/tmp")', /does not exist/],
  ['a file of the host', 'return open("/etc/passwd").read()', /FileNotFoundError/],
  ['a file of its own, whose bytes no limit counts', 'open("/tmp/x", "w").write("x")', /Read-only file system/],
  ['another process', 'import subprocess\nsubprocess.run(["id"])', /OSError/],
  ['a copy of itself', 'import os\nos.fork()', /OSError/],
  ['a signal to its parent', 'import os\nos.kill(os.getppid(), 9)', /PermissionError/],
  ['a thread', 'import threading\nthreading.Thread(target=print).start()', /can't start new thread/],
  ['the descriptor of its frames', 'import os\nos.write(3, b"x" * 64)', /OSError/],
  [
    'waiting for JavaScript',
    'from pyodide.ffi import run_sync\nimport asyncio\nrun_sync(asyncio.sleep(1))',
    /Cannot stack switch/,
  ],
  ['a memory snapshot', 'import pyodide_js\npyodide_js.makeMemorySnapshot()', /./],
];

/** Attempts that bring the interpreter down, and get nothing for it. */
const FATAL: readonly [title: string, code: string, refusal: RegExp][] = [
  ['scripts of emscripten', 'import ctypes\nctypes.CDLL(None).emscripten_run_script(b"process.exit(9)")', NO_CODE],
  ['the shell', 'import os\nreturn os.system("id")', /Access to this API has been restricted/],
  [
    'the shell, by way of C',
    'import ctypes\nreturn ctypes.CDLL(None).system(b"id")',
    /Access to this API has been restricted/,
  ],
];

const socketProbe = (to: number) => `
import socket
s = socket.socket()
s.settimeout(0.2)
s.connect(("127.0.0.1", ${to}))
s.sendall(b"GET / HTTP/1.1\\r\\n\\r\\n")`;

const NETWORK: readonly [title: string, code: (to: number) => string][] = [
  ['a socket', socketProbe],
  [
    'urllib',
    (to) => `from urllib.request import urlopen\nreturn urlopen("http://127.0.0.1:${to}/", timeout=0.2).read()`,
  ],
  ['pyodide.http', (to) => `from pyodide.http import open_url\nreturn open_url("http://127.0.0.1:${to}/").read()`],
  ['pyfetch', (to) => `from pyodide.http import pyfetch\nreturn str(pyfetch("http://127.0.0.1:${to}/").send(None))`],
  [
    'packages',
    (to) => `import pyodide_js\nreturn str(pyodide_js.loadPackage("http://127.0.0.1:${to}/a-1-py3-none-any.whl"))`,
  ],
  [
    'sockets of Node under those of Python',
    (to) => `import pyodide_js\nreturn str(pyodide_js.useNodeSockFS(None))\n${socketProbe(to)}`,
  ],
  ['requests', (to) => `return requests.get("http://127.0.0.1:${to}/").text`],
];

/** With the programs of the system around it, and without them: the fence inside has to hold alone. */
describe.each([
  { wrapped: false, name: 'behind our fence alone' },
  { wrapped: true, name: 'behind everything there is' },
])('$name', ({ wrapped }) => {
  let interpreter: Interpreter;
  const fresh = async () => {
    if (interpreter === undefined || interpreter.isGone) interpreter = await anInterpreter(wrapped);
    return interpreter;
  };
  afterAll(() => interpreter?.kill());

  it.each(REFUSED)('refuses Python %s', async (_title, code, refusal) => {
    const outcome = await attempt(await fresh(), code);
    expect(outcome).toMatch(OUTCOME);
    expect(outcome).not.toMatch(/^value: /);
    expect(outcome).toMatch(refusal);
    expect(await attempt(await fresh(), 'return 1 + 1')).toBe('value: 2');
  });

  it('shows Python an environment that tells nothing of the host', async () => {
    const outcome = await attempt(await fresh(), 'import os\nreturn [dict(os.environ), os.getcwd(), os.listdir("/")]');
    expect(outcome).toMatch(/^value: /);
    expect(outcome).not.toContain('a-secret-of-the-host');
    expect(outcome).not.toContain(process.cwd());
  });

  it.each(NETWORK)('lets nothing out through %s', async (_title, code) => {
    const before = visits;
    await attempt(await fresh(), code(port));
    await attempt(await fresh(), 'import time\ntime.sleep(0.05)');
    expect(visits - before).toBe(0);
  });

  it.each(FATAL)('survives what Python does with %s', async (_title, code, refusal) => {
    const outcome = await attempt(await fresh(), code);
    expect(outcome).toMatch(/^crashed: /);
    expect(outcome).toMatch(refusal);
  });
});

it('would have noticed: the same socket, without a fence, reaches the listener', async () => {
  const before = visits;
  const code = `
    import { loadPyodide } from ${JSON.stringify(`${findPlaces().pyodide}/pyodide.mjs`)};
    const python = await loadPyodide();
    try { python.runPython(${JSON.stringify(socketProbe(port))}); } catch {}
    setTimeout(() => process.exit(0), 500);`;
  await once(spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'ignore' }), 'exit');
  expect(visits - before).toBeGreaterThan(0);
});
