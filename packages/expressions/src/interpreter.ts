import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Duplex } from 'node:stream';
import { FRAME, type Head, writeHead } from './child/frames.ts';
import type { CommandLine } from './confinement.ts';
import { ExpressionError } from './expression.error.ts';
import { createFrameReader } from './frame-reader.ts';
import { createWatch, stubborn, type Watch } from './watch.ts';

/** One child process with Python in it. */
export type Interpreter = {
  /** Asks, and waits for what Python says. Further questions may be asked while a call is being answered: they run inside. */
  ask(kind: 'evaluate' | 'check', text: string, onCall?: OnCall): Promise<string>;
  /** Resolves when the process is gone. */
  readonly gone: Promise<void>;
  readonly isGone: boolean;
  readonly pid: number | undefined;
  /** Ends the process at once; what it is asked fails, with the error if one is given. */
  kill(error?: Error): void;
};

/** Answers a call of the code, as text. */
export type OnCall = (text: string) => Promise<string>;

export type InterpreterOptions = {
  line: CommandLine;
  memory: number;
  softMs: number;
  hardMs: number;
};

/** Bytes of one answer; Python keeps its own below 1 MiB. */
const MOST = 4 * 1024 * 1024;
const START_MS = 60_000;

type Open = { resolve: (text: string) => void; reject: (error: Error) => void; onCall: OnCall | undefined };

/**
 * Starts a child and waits until Python is loaded.
 *
 * @throws Error when it cannot be started; the message says what it printed
 */
export async function startInterpreter({ line, memory, softMs, hardMs }: InterpreterOptions): Promise<Interpreter> {
  const { child, socket, printed } = startChild(line);
  const open = new Map<number, Open>();
  const ready = Promise.withResolvers<void>();
  const gone = Promise.withResolvers<void>();
  let isGone = false;
  let why: Error | undefined;
  let asked = 0;
  let calls = 0;

  const kill = (error?: Error) => {
    why ??= error;
    // Whoever ends it waits for its end.
    child.ref();
    child.kill('SIGKILL');
  };
  const watch: Watch = createWatch({ pid: child.pid, memory, hardMs, onOverrun: kill });
  const count = () => {
    watch.computing(open.size > calls);
    if (open.size > 0) socket.ref();
    else socket.unref();
  };
  const send = (kind: number, id: number, text: string) => {
    const body = Buffer.from(text, 'utf8');
    socket.write(Buffer.concat([writeHead({ length: body.length, kind, id, softMs, hardMs, of: 0 }), body]));
  };
  const answerCall = async ({ id, of }: Head, text: string) => {
    calls += 1;
    count();
    // What the code asks for is answered by the evaluation that it belongs to; a call out of nowhere is a breach.
    const onCall = open.get(of)?.onCall;
    if (onCall === undefined) return kill(new ExpressionError('crashed', 'The interpreter spoke out of turn.'));
    const answer = await onCall(text);
    calls -= 1;
    if (isGone) return;
    send(FRAME.answer, id, answer);
    count();
  };
  const onFrame = (head: Head, body: Buffer) => {
    if (head.kind === FRAME.ready) return ready.resolve();
    if (head.kind === FRAME.call) return void answerCall(head, body.toString('utf8'));
    if (head.kind === FRAME.broken)
      return kill(new ExpressionError('crashed', `Python broke down: ${firstLine(body)}`));
    if (head.kind === FRAME.overrun) return kill(stubborn());
    const question = head.kind === FRAME.done ? open.get(head.id) : undefined;
    if (question === undefined) return kill(new ExpressionError('crashed', 'The interpreter spoke out of turn.'));
    open.delete(head.id);
    count();
    question.resolve(body.toString('utf8'));
  };

  readInto(socket, onFrame, () => kill(new ExpressionError('crashed', 'The interpreter said too much at once.')));
  child.once('error', (error) => {
    why ??= error;
    if (child.pid === undefined) end();
  });
  child.once('exit', () => end());
  const end = () => {
    isGone = true;
    watch.computing(false);
    socket.destroy();
    const error = why ?? new ExpressionError('crashed', 'The interpreter of the expression ended.');
    for (const { reject } of open.values()) reject(error);
    open.clear();
    ready.reject(new Error(`The interpreter did not start. ${error.message} ${printed()}`.trim(), { cause: error }));
    gone.resolve();
  };

  await withinStart(ready.promise, child);
  watch.settle();
  socket.unref();
  return {
    ask: (kind, text, onCall) =>
      new Promise((resolve, reject) => {
        if (isGone) return reject(why ?? new ExpressionError('crashed', 'The interpreter of the expression ended.'));
        const id = ++asked;
        open.set(id, { resolve, reject, onCall });
        send(FRAME[kind], id, text);
        count();
      }),
    gone: gone.promise,
    get isGone() {
      return isGone;
    },
    pid: child.pid,
    kill,
  };
}

/** The bytes of a snapshot, made by a child of its own. */
export async function fetchSnapshot(line: CommandLine): Promise<Buffer> {
  const { child, socket, printed } = startChild(line);
  let snapshot: Buffer | undefined;
  let complaint = '';
  const onFrame = (head: Head, body: Buffer) => {
    if (head.kind === FRAME.snapshot) snapshot = body;
    else complaint = firstLine(body);
  };
  readInto(socket, onFrame, () => child.kill('SIGKILL'), 512 * 1024 * 1024);
  // Emitted when all that was written has been read, too.
  await withinStart(once(child, 'close'), child);
  if (snapshot === undefined) throw new Error(`No snapshot could be taken. ${complaint} ${printed()}`.trim());
  return snapshot;
}

function startChild({ command, args, env }: CommandLine): {
  child: ChildProcess;
  socket: Socketed;
  printed: () => string;
} {
  const child = spawn(command, args, { env, cwd: '/', stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
  const socket = child.stdio[3];
  if (!(socket instanceof Duplex) || !isSocket(socket)) throw new Error('A child process has no socket.');
  let tail = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    tail = (tail + chunk.toString('utf8')).slice(-2_000);
  });
  socket.on('error', () => undefined);
  child.unref();
  if (child.stderr && isSocket(child.stderr)) child.stderr.unref();
  return { child, socket, printed: () => tail };
}

type Socketed = Duplex & { ref(): unknown; unref(): unknown };

function isSocket<Stream extends object>(stream: Stream): stream is Stream & { ref(): unknown; unref(): unknown } {
  return 'ref' in stream && 'unref' in stream;
}

function readInto(
  socket: Duplex,
  onFrame: (head: Head, body: Buffer) => void,
  onBreach: () => void,
  most = MOST,
): void {
  const read = createFrameReader({ most, onFrame });
  socket.on('data', (chunk: Buffer) => {
    try {
      read(chunk);
    } catch {
      onBreach();
    }
  });
}

/** Does not wait for the end of a process that does not start: one that hangs in the kernel does not even end. */
async function withinStart<Result>(work: Promise<Result>, child: ChildProcess): Promise<Result> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    child.kill('SIGKILL');
    late.reject(new Error(`The interpreter was not ready in ${START_MS / 1_000} s.`));
  }, START_MS);
  return Promise.race([work, late.promise]).finally(() => clearTimeout(timer));
}

function firstLine(body: Buffer): string {
  return body.toString('utf8', 0, 2_000).split('\n')[0] ?? '';
}
